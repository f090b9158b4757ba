package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.diagnosis.Report.Ranked;

/** Puts causes before what they explain: a topological order, stable for equals. */
final class Ranking {
  private Ranking() {}

  /** A finding, and the rule that made it. */
  record Found(Rule rule, Finding finding) {}

  static List<Ranked> rank(List<Found> found) {
    List<Found> sorted = found.stream().distinct().sorted(graver()).toList();
    Map<Found, Found> causes = new LinkedHashMap<>();
    for (Found one : sorted) {
      sorted.stream()
          .filter(other -> !other.equals(one) && explains(other, one))
          .findFirst()
          .ifPresent(cause -> causes.put(one, cause));
    }
    List<Ranked> ranked = new ArrayList<>();
    sorted.stream()
        .filter(one -> !causes.containsKey(one))
        .forEach(one -> add(one, sorted, causes, ranked));
    return List.copyOf(ranked);
  }

  /** A finding, then depth first all that it explains. */
  private static void add(
      Found one, List<Found> all, Map<Found, Found> causes, List<Ranked> ranked) {
    ranked.add(
        new Ranked(one.finding(), Optional.ofNullable(causes.get(one)).map(c -> c.finding().id())));
    all.stream()
        .filter(other -> one.equals(causes.get(other)))
        .forEach(consequence -> add(consequence, all, causes, ranked));
  }

  /** What only might do harm is not why something is broken. */
  private static boolean explains(Found cause, Found consequence) {
    return cause.finding().severity().compareTo(consequence.finding().severity()) <= 0
        && consequence.rule().explainedBy().contains(cause.rule().getClass())
        && cause.finding().scope().covers(consequence.finding().scope());
  }

  private static Comparator<Found> graver() {
    return Comparator.comparing((Found one) -> one.finding().severity())
        .thenComparing(one -> one.finding().confidence());
  }
}
