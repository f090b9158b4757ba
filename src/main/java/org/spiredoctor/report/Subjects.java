package org.spiredoctor.report;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * @param pods how many pods it concerns of each, by their names, that of the finding first; without
 *     control characters
 * @param namespaces in how many namespaces they are
 * @param all how many pods it concerns; 0 where it is not about pods
 * @param alike how many findings there are beside the first
 * @param oneCause whether what the finding says is true of all of them
 */
record Subjects(Map<String, Integer> pods, long namespaces, long all, int alike, boolean oneCause) {
  /** So many are named in all; of a fleet the rest is counted. */
  private static final int MOST_NAMED = 20;

  static Subjects of(Ranked ranked) {
    List<Finding> findings =
        Stream.concat(Stream.of(ranked.finding()), ranked.alike().stream()).toList();
    Map<String, Set<String>> pods = new LinkedHashMap<>();
    findings.forEach(
        one -> pods.computeIfAbsent(name(one), _ -> new HashSet<>()).addAll(one.scope().pods()));
    Map<String, Integer> counts = new LinkedHashMap<>();
    pods.forEach((name, its) -> counts.put(name, its.size()));
    return new Subjects(
        counts,
        findings.stream().flatMap(one -> one.subject().namespace().stream()).distinct().count(),
        ranked.pods(),
        ranked.alike().size(),
        ranked.isOneCause());
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

  private String first() {
    return pods.keySet().iterator().next();
  }

  /** What its sentence is true of: all of them, or the first. */
  String headline() {
    return oneCause ? total() : counted(first());
  }

  /** {@code Deployment apps/web and 499 more in 20 namespaces (10,000 pods)}. */
  String total() {
    return first()
        + (pods.size() > 1 ? " and " + Words.number(pods.size() - 1) + " more" : "")
        + (namespaces > 1 ? " in " + Words.number(namespaces) + " namespaces" : "")
        + many(all);
  }

  private String counted(String name) {
    return name + many(pods.getOrDefault(name, 0));
  }

  private static String many(long pods) {
    return pods > 1 ? " (" + Words.number(pods) + " pods)" : "";
  }

  /** Some of the others by name, all by number; absent where there are none. */
  Optional<String> others() {
    if (alike == 0) {
      return Optional.empty();
    }
    String names =
        pods.size() == 1
            ? Words.number(alike) + " more about it"
            : pods.keySet().stream()
                    .skip(1)
                    .limit(MOST_NAMED - 1)
                    .map(this::counted)
                    .collect(Collectors.joining(", "))
                + (pods.size() > MOST_NAMED
                    ? " and " + Words.number(pods.size() - MOST_NAMED) + " more"
                    : "");
    return Optional.of(
        oneCause
            ? names + " (-o json has what to do for each)"
            : "for this or another reason: " + names + " (-o json has it)");
  }
}
