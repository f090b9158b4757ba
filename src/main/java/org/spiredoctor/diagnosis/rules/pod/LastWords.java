package org.spiredoctor.diagnosis.rules.pod;

import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.CrashReason;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** What a container that ended said last. */
final class LastWords {
  /** Enough to see why, and not a log of its own. */
  private static final int LINES = 3;

  private LastWords() {}

  /** Quotes its termination message and the end of its log. */
  static void quote(
      ClusterCase cluster,
      Pod pod,
      Container container,
      Container.State end,
      Finding.Builder finding) {
    if (!end.message().isBlank()) {
      finding.seen("termination message", end.message().strip());
    }
    List<Log.Line> lines = CrashReason.upTo(log(cluster, pod, container, end));
    lines
        .subList(Math.max(0, lines.size() - LINES), lines.size())
        .forEach(line -> finding.seen("log of " + container.name(), line.text()));
  }

  /** As its status tells it; logs are not read of all pods. */
  static String reason(Pod pod, Container.State end) {
    String code = end.exitCode().map(String::valueOf).orElse("");
    return CommonReason.of(end.reason() + " " + code, end.message().strip(), pod);
  }

  /** Of the run that ended so; of a container that waits, only that one can be had. */
  private static Log log(ClusterCase cluster, Pod pod, Container container, Container.State end) {
    boolean before = container.status().flatMap(Container.Status::before).equals(Optional.of(end));
    Log log = cluster.evidence().log(pod, container.name(), before);
    return log.lines().isEmpty() ? cluster.evidence().log(pod, container.name()) : log;
  }
}
