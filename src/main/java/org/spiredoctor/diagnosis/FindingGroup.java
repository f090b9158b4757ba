package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Ranking.Found;

/**
 * Findings of one rule about many things: one is told, of the others it is said how many they are.
 *
 * @param first the place of the one that is told: that of the most pods
 * @param others the places of the others
 */
record FindingGroup(int first, List<Integer> others) {
  /** So many of one rule are told one by one, be they alike or not. */
  private static final int TOLD = 3;

  /** Reasons are worth more than sentences, which may differ in names alone. */
  private static final int REASONS = 8;

  /**
   * Names have numbers, paths or namespaces in them. The entry that is the nearest to many pods is
   * a cause of its own.
   */
  private static final Pattern NAME =
      Pattern.compile("(?<!\\S)(?<!; the nearest, for )[^\\s/\\d]*+[/\\d]\\S*");

  private record OfRule(String id, Severity severity, Confidence confidence) {
    static OfRule of(Finding finding) {
      return new OfRule(finding.id(), finding.severity(), finding.confidence());
    }
  }

  /** Groups findings by their places, in the order of their rules; those of most pods first. */
  static List<FindingGroup> of(List<Integer> places, List<Found> all) {
    Map<OfRule, List<Integer>> byRule = new LinkedHashMap<>();
    for (int at : places) {
      byRule.computeIfAbsent(OfRule.of(all.get(at).finding()), _ -> new ArrayList<>()).add(at);
    }
    Comparator<Integer> most = Comparator.comparingInt(at -> -pods(all.get(at).finding()));
    byRule.values().forEach(some -> some.sort(most));
    return byRule.values().stream()
        .flatMap(
            some ->
                some.size() <= TOLD
                    ? some.stream().map(at -> new FindingGroup(at, List.of()))
                    : bySentence(some, all))
        .toList();
  }

  private static int pods(Finding finding) {
    return finding.scope().pods().size();
  }

  /** Those that say the same are together; of too many sentences the rest is. */
  private static Stream<FindingGroup> bySentence(List<Integer> some, List<Found> all) {
    Map<String, List<Integer>> bySentence = new LinkedHashMap<>();
    for (int at : some) {
      bySentence.computeIfAbsent(sentence(all.get(at).finding()), _ -> new ArrayList<>()).add(at);
    }
    Comparator<List<Integer>> most =
        Comparator.comparingInt(
            same -> -same.stream().mapToInt(at -> pods(all.get(at).finding())).sum());
    List<List<Integer>> sorted = bySentence.values().stream().sorted(most).toList();
    int told = all.get(some.getFirst()).finding().reason().isPresent() ? REASONS : TOLD;
    return sorted.size() <= told
        ? sorted.stream().map(FindingGroup::of)
        : Stream.concat(
            sorted.stream().limit(told - 1).map(FindingGroup::of),
            Stream.of(of(sorted.stream().skip(told - 1).flatMap(List::stream).toList())));
  }

  private static FindingGroup of(List<Integer> together) {
    return new FindingGroup(together.getFirst(), together.subList(1, together.size()));
  }

  /** Its reason, or what it says, whatever it says it of. */
  private static String sentence(Finding finding) {
    return finding.reason().orElseGet(() -> withoutNames(finding));
  }

  private static String withoutNames(Finding finding) {
    return NAME.matcher(finding.summary().replace(finding.subject().name(), "*")).replaceAll("*");
  }

  /** Whether others say the same as one. */
  static boolean isOneCause(Finding one, Collection<Finding> others) {
    String says = sentence(one);
    return others.stream().allMatch(other -> sentence(other).equals(says));
  }

  Stream<Integer> all() {
    return Stream.concat(Stream.of(first), others.stream());
  }
}
