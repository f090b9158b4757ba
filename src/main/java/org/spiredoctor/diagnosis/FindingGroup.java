package org.spiredoctor.diagnosis;

import java.util.ArrayList;
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
 * @param first the place of the one that is told
 * @param others the places of the others
 */
record FindingGroup(int first, List<Integer> others) {
  /** So many of one rule are told one by one, be they alike or not. */
  static final int TOLD = 3;

  private static final Pattern NAME = Pattern.compile("(?<!\\S)[^\\s/\\d]*+[/\\d]\\S*");

  private record OfRule(String id, Severity severity, Confidence confidence) {
    static OfRule of(Finding finding) {
      return new OfRule(finding.id(), finding.severity(), finding.confidence());
    }
  }

  /** Groups findings by their places, in the order of their first ones. */
  static List<FindingGroup> of(List<Integer> places, List<Found> all) {
    Map<OfRule, List<Integer>> byRule = new LinkedHashMap<>();
    for (int at : places) {
      byRule.computeIfAbsent(OfRule.of(all.get(at).finding()), _ -> new ArrayList<>()).add(at);
    }
    return byRule.values().stream()
        .flatMap(
            some ->
                some.size() <= TOLD
                    ? some.stream().map(at -> new FindingGroup(at, List.of()))
                    : bySentence(some, all))
        .sorted(Comparator.comparingInt(FindingGroup::first))
        .toList();
  }

  /** Those that say the same are together; of too many sentences the rest goes with the last. */
  private static Stream<FindingGroup> bySentence(List<Integer> some, List<Found> all) {
    Map<String, List<Integer>> bySentence = new LinkedHashMap<>();
    List<Integer> last = new ArrayList<>();
    for (int at : some) {
      String sentence = sentence(all.get(at).finding());
      List<Integer> same = bySentence.get(sentence);
      if (same != null) {
        same.add(at);
      } else if (bySentence.size() < TOLD) {
        last = new ArrayList<>(List.of(at));
        bySentence.put(sentence, last);
      } else {
        last.add(at);
      }
    }
    return bySentence.values().stream()
        .map(same -> new FindingGroup(same.getFirst(), List.copyOf(same.subList(1, same.size()))));
  }

  /** What it says, whatever it says it of: names have numbers, paths or namespaces in them. */
  private static String sentence(Finding finding) {
    return NAME.matcher(finding.summary().replace(finding.subject().name(), "*")).replaceAll("*");
  }

  Stream<Integer> all() {
    return Stream.concat(Stream.of(first), others.stream());
  }
}
