package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.diagnosis.Report.Ranked;

/** Puts causes before what they explain: a topological order, stable for equals. */
final class Ranking {
  private Ranking() {}

  static List<Ranked> rank(Map<Rule, Finding> found) {
    Map<String, Finding> byId = new LinkedHashMap<>();
    found.values().stream().sorted(graver()).forEach(finding -> byId.put(finding.id(), finding));
    Map<String, String> causes = new HashMap<>();
    found.forEach(
        (rule, finding) ->
            byId.keySet().stream()
                .filter(id -> explains(rule, id))
                .findFirst()
                .ifPresent(cause -> causes.put(finding.id(), cause)));
    List<Ranked> ranked = new ArrayList<>();
    byId.keySet().stream()
        .filter(id -> !causes.containsKey(id))
        .forEach(id -> add(id, byId, causes, ranked));
    return List.copyOf(ranked);
  }

  /** A finding, then depth first all that it explains. */
  private static void add(
      String id, Map<String, Finding> byId, Map<String, String> causes, List<Ranked> ranked) {
    Finding finding = byId.get(id);
    if (finding == null) {
      return;
    }
    ranked.add(new Ranked(finding, Optional.ofNullable(causes.get(id))));
    byId.keySet().stream()
        .filter(consequence -> id.equals(causes.get(consequence)))
        .forEach(consequence -> add(consequence, byId, causes, ranked));
  }

  private static boolean explains(Rule rule, String id) {
    return rule.explainedBy().stream().anyMatch(cause -> Rule.idOf(cause).equals(id));
  }

  private static Comparator<Finding> graver() {
    return Comparator.comparing(Finding::severity).thenComparing(Finding::confidence);
  }
}
