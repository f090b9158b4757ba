package org.spiredoctor.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Report.Ranked;
import org.spiredoctor.diagnosis.Workload;

/**
 * What shows the findings that are told together with another, where it differs in more than names:
 * so that nothing is lost, and thousands do not say the same.
 *
 * @param as for each of them the first of them with the same evidence, by its place; absent where
 *     it is as that of the one that is told, or left out
 * @param leftOut how many have other evidence that is left out
 */
record OtherEvidence(List<Optional<Integer>> as, int leftOut) {
  /** So many kinds of evidence of one finding are enough for anybody. */
  private static final int MOST = 100;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]++(?:[.-]++[A-Za-z0-9]++)*+");

  static OtherEvidence of(Ranked ranked) {
    if (ranked.alike().isEmpty()) {
      return new OtherEvidence(List.of(), 0);
    }
    String told = withoutNames(ranked.finding());
    Map<String, Integer> places = new HashMap<>();
    List<Optional<Integer>> as = new ArrayList<>();
    int leftOut = 0;
    for (Finding finding : ranked.alike()) {
      String evidence = withoutNames(finding);
      boolean same = evidence.equals(told);
      if (!same && places.size() < MOST) {
        places.putIfAbsent(evidence, as.size());
      }
      Optional<Integer> place = Optional.ofNullable(places.get(evidence));
      leftOut += same || place.isPresent() ? 0 : 1;
      as.add(place);
    }
    return new OtherEvidence(as, leftOut);
  }

  private static String withoutNames(Finding finding) {
    Set<String> names = names(finding);
    String text =
        finding.evidence().stream()
            .map(quote -> quote.source() + ": " + quote.text())
            .collect(Collectors.joining("\n"));
    return NAME.matcher(text).replaceAll(word -> names.contains(word.group()) ? "*" : word.group());
  }

  private static Set<String> names(Finding finding) {
    Set<String> names = new HashSet<>(finding.scope().nodes());
    Stream.of(
            Stream.of(finding.subject().name()),
            finding.subject().workload().map(Workload::name).stream(),
            finding.subject().namespace().stream(),
            finding.scope().pods().stream().map(pod -> pod.substring(pod.indexOf('/') + 1)))
        .flatMap(some -> some)
        .forEach(names::add);
    return names;
  }
}
