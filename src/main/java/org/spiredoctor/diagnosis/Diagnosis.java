package org.spiredoctor.diagnosis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Report.Undetermined;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.evidence.Evidence;

/** Applies rules to evidence. */
public final class Diagnosis {
  private Diagnosis() {}

  /**
   * Applies every rule; none is left out because another found something.
   *
   * @param took how long the evidence took to gather
   */
  public static Report examine(Evidence evidence, List<Rule> rules, Duration took) {
    Map<Rule, Finding> found = new LinkedHashMap<>();
    List<Undetermined> unknown = new ArrayList<>();
    for (Rule rule : rules) {
      switch (rule.examine(evidence)) {
        case Outcome.Found(Finding finding) -> found.put(rule, finding);
        case Outcome.Unknown(String missing) -> unknown.add(new Undetermined(rule.id(), missing));
        case Outcome.Passed _, Outcome.NotApplicable _ -> {}
      }
    }
    boolean problems = found.values().stream().anyMatch(f -> f.severity() == Severity.ERROR);
    List<Link> path = IdentityPath.of(evidence);
    // Rules may have been left out: what does not reach its end is not healthy all the same.
    boolean whole =
        unknown.isEmpty() && path.stream().allMatch(link -> link.state() == Link.State.HOLDS);
    Verdict verdict = problems ? Verdict.PROBLEMS : whole ? Verdict.HEALTHY : Verdict.UNKNOWN;
    return new Report(verdict, path, Ranking.rank(found), List.copyOf(unknown), rules.size(), took);
  }
}
