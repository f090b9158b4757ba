package org.spiredoctor.diagnosis.rules.cluster;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Words;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;

/** Logs that could not be read: kubelets out of reach fail alike for all their pods. */
final class FailedLogs {
  private static final Comparator<LogOf> BY_NAME =
      Comparator.comparing(LogOf::namespace)
          .thenComparing(LogOf::pod)
          .thenComparing(LogOf::container)
          .thenComparing(LogOf::previous);

  /** Names and addresses in an answer are those of each pod; a status is not. */
  private static final Pattern NAME =
      Pattern.compile("(?<!\\S)(?!\\d{3}(?!\\S))[^\\s/\\d]*+[/\\d]\\S*");

  private FailedLogs() {}

  private record Failed(LogOf log, String answer) {
    List<String> kind() {
      return List.of(log.namespace(), log.container(), NAME.matcher(answer).replaceAll("*"));
    }
  }

  /** A sentence for all that failed alike. */
  static Stream<String> inWords(Snapshot snapshot) {
    return snapshot.logs().entrySet().stream()
        .sorted(Map.Entry.comparingByKey(BY_NAME))
        .flatMap(one -> failed(one.getKey(), one.getValue()))
        .collect(Collectors.groupingBy(Failed::kind, LinkedHashMap::new, Collectors.toList()))
        .values()
        .stream()
        .map(FailedLogs::inWords);
  }

  /** A container that has not run, or whose former life is forgotten, has no log. */
  private static Stream<Failed> failed(LogOf of, Observed<String> log) {
    return log instanceof Unseen<String> unseen && unseen.reason() == Reason.FAILED
        ? unseen.missing().stream().map(answer -> new Failed(of, answer))
        : Stream.empty();
  }

  private static String inWords(List<Failed> alike) {
    LogOf first = alike.getFirst().log();
    long pods = alike.stream().map(one -> one.log().pod()).distinct().count();
    return "the log of container "
        + first.container()
        + " of "
        + first.namespace()
        + "/"
        + first.pod()
        + (pods > 1 ? " and " + Words.counted(pods - 1, "more pod") : "")
        + ": "
        + alike.getFirst().answer()
        + "; see "
        + Kubectl.command("logs", "-n", first.namespace(), first.pod(), "-c", first.container());
  }
}
