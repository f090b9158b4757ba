package org.spiredoctor.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.identity.Suggestions;
import org.spiredoctor.report.Pages;

/** Which rules apply. */
public final class RuleChoice {
  private RuleChoice() {}

  /**
   * All, or {@code only} these, but not those to {@code skip}.
   *
   * @throws UsageException for an id that does not exist, and when nothing is left
   */
  public static List<Rule> choose(List<String> only, List<String> skip) throws UsageException {
    for (String id : only) {
      known("--only", id);
    }
    for (String id : skip) {
      known("--skip", id);
      if (only.contains(id)) {
        throw new UsageException("--only and --skip both name " + id);
      }
    }
    List<Rule> chosen =
        Rules.all().stream()
            .filter(rule -> only.isEmpty() || only.contains(rule.id()))
            .filter(rule -> !skip.contains(rule.id()))
            .toList();
    if (chosen.isEmpty()) {
      throw new UsageException("--skip leaves no rule");
    }
    return chosen;
  }

  /** The id's rule. */
  public static Rule known(String where, String id) throws UsageException {
    Optional<Rule> rule = Rules.byId(id);
    if (rule.isEmpty()) {
      throw new UsageException(
          where
              + ": there is no finding '"
              + id
              + "'; "
              + Suggestions.nearest(id, Rules.all().stream().map(Rule::id).toList())
                  .map(nearest -> "the nearest is " + nearest)
                  .orElse("'spire-doctor explain' lists them"));
    }
    return rule.get();
  }

  /** A line or two for each. */
  public static List<String> list(List<Rule> rules) {
    List<String> lines = new ArrayList<>();
    for (Rule rule : rules) {
      lines.add(rule.id());
      Pages.of(rule.id()).map(Pages::summary).orElse(List.of()).forEach(l -> lines.add("    " + l));
    }
    return lines;
  }
}
