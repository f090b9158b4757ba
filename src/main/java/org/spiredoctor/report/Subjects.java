package org.spiredoctor.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Report.Ranked;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.diagnosis.Words;
import org.spiredoctor.diagnosis.Workload;

/**
 * What a finding, and those that are alike, are about: several pods by their owner.
 *
 * @param names each once, that of the finding first; without control characters
 * @param namespaces in how many namespaces they are
 * @param pods how many pods it concerns; 0 where it is not about pods
 * @param alike how many findings there are beside the first
 */
record Subjects(List<String> names, long namespaces, long pods, int alike) {
  /** So many are named in all; of a fleet the rest is counted. */
  private static final int MOST_NAMED = 20;

  static Subjects of(Ranked ranked) {
    List<Finding> all =
        Stream.concat(Stream.of(ranked.finding()), ranked.alike().stream()).toList();
    return new Subjects(
        all.stream().map(Subjects::name).distinct().toList(),
        all.stream().flatMap(one -> one.subject().namespace().stream()).distinct().count(),
        ranked.pods(),
        ranked.alike().size());
  }

  private static String name(Finding finding) {
    Subject subject = finding.subject();
    return Untrusted.clean(
        subject
            .workload()
            .filter(_ -> finding.scope().pods().size() > 1)
            .map(Workload::inWords)
            .orElseGet(subject::inWords));
  }

  /** {@code Deployment apps/web and 499 more in 20 namespaces (10,000 pods)}. */
  String headline() {
    return names.getFirst()
        + (names.size() > 1 ? " and " + Words.number(names.size() - 1) + " more" : "")
        + (namespaces > 1 ? " in " + Words.number(namespaces) + " namespaces" : "")
        + (pods > 1 ? " (" + Words.number(pods) + " pods)" : "");
  }

  /** Some of the others by name, all by number; absent where there are none. */
  Optional<String> others() {
    if (alike == 0) {
      return Optional.empty();
    }
    String rest =
        names.size() > MOST_NAMED
            ? " and " + Words.number(names.size() - MOST_NAMED) + " more"
            : "";
    return Optional.of(
        names.size() == 1
            ? Words.number(alike) + " more about it"
            : names.stream().skip(1).limit(MOST_NAMED - 1).collect(Collectors.joining(", "))
                + rest);
  }
}
