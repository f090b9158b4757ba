package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.diagnosis.Report.Ranked;

/** Puts causes before what they explain: a topological order, stable for equals. */
final class Ranking {
  private Ranking() {}

  /** A finding, and the rule that made it. */
  record Found(Rule rule, Finding finding) {}

  /** By place, since there may be thousands, each with much to compare. */
  static List<Ranked> rank(List<Found> found) {
    List<Found> sorted = found.stream().distinct().sorted(graver()).toList();
    Map<Class<?>, List<Integer>> byRule = new HashMap<>();
    List<List<Integer>> consequences = new ArrayList<>();
    for (int at = 0; at < sorted.size(); at++) {
      byRule.computeIfAbsent(sorted.get(at).rule().getClass(), _ -> new ArrayList<>()).add(at);
      consequences.add(new ArrayList<>());
    }
    List<Integer> roots = new ArrayList<>();
    for (int at = 0; at < sorted.size(); at++) {
      cause(at, sorted, byRule).map(consequences::get).orElse(roots).add(at);
    }
    List<Ranked> ranked = new ArrayList<>();
    roots.forEach(at -> add(at, sorted, Optional.empty(), consequences, ranked));
    return List.copyOf(ranked);
  }

  /** The gravest of what explains it. */
  private static Optional<Integer> cause(
      int at, List<Found> sorted, Map<Class<?>, List<Integer>> byRule) {
    return sorted.get(at).rule().explainedBy().stream()
        .flatMap(
            rule ->
                byRule.getOrDefault(rule, List.of()).stream()
                    .filter(other -> other != at && explains(sorted.get(other), sorted.get(at)))
                    .findFirst()
                    .stream())
        .min(Comparator.naturalOrder());
  }

  /** A finding, then depth first all that it explains. */
  private static void add(
      int at,
      List<Found> sorted,
      Optional<String> cause,
      List<List<Integer>> consequences,
      List<Ranked> ranked) {
    Finding finding = sorted.get(at).finding();
    ranked.add(new Ranked(finding, cause));
    consequences
        .get(at)
        .forEach(other -> add(other, sorted, Optional.of(finding.id()), consequences, ranked));
  }

  /** What only might do harm is not why something is broken. */
  private static boolean explains(Found cause, Found consequence) {
    return cause.finding().severity().compareTo(consequence.finding().severity()) <= 0
        && cause.finding().scope().covers(consequence.finding().scope());
  }

  private static Comparator<Found> graver() {
    return Comparator.comparing((Found one) -> one.finding().severity())
        .thenComparing(one -> one.finding().confidence());
  }
}
