package org.spiredoctor.diagnosis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What came of an examination.
 *
 * @param verdict over all
 * @param path the links from the address to the identity
 * @param findings causes first, each followed by what it explains
 * @param unknown what could not be told, and why
 * @param checked how much was looked at
 */
public record Report(
    Verdict verdict,
    List<Link> path,
    List<Ranked> findings,
    List<Undetermined> unknown,
    Checked checked) {

  /**
   * How much was looked at.
   *
   * @param pods whose identities were examined; absent inside of a pod, and where they were not
   *     seen
   * @param entries of the servers
   * @param agents that the servers know
   * @param parts what runs SPIRE's programs
   * @param took how long gathering and judging took
   */
  public record Checked(
      int rules,
      Optional<Integer> pods,
      Optional<Integer> entries,
      Optional<Integer> agents,
      List<Part> parts,
      Duration took) {}

  /**
   * Servers or agents.
   *
   * @param role {@code server} or {@code agent}
   * @param corroboration what shows that it is SPIRE, and does not only say so; absent when nothing
   *     does
   * @param aside whether it was left aside, and decided nothing
   */
  public record Part(String role, Subject subject, Optional<String> corroboration, boolean aside) {}

  /** The answer in one word. */
  public enum Verdict {
    HEALTHY,
    PROBLEMS,
    UNKNOWN
  }

  /**
   * A finding in its place.
   *
   * @param explainedBy the id of the finding that causes this one
   * @param alike findings of the same rule about other things, where they are many
   */
  public record Ranked(Finding finding, Optional<String> explainedBy, List<Finding> alike) {
    /** How many pods it and those that are alike concern; none where it is not about pods. */
    public long pods() {
      return Stream.concat(Stream.of(finding), alike.stream())
          .flatMap(one -> one.scope().pods().stream())
          .distinct()
          .count();
    }

    /** Whether what it says is true of those that are alike too, with their own names. */
    public boolean isOneCause() {
      return FindingGroup.isOneCause(finding, alike);
    }
  }

  /**
   * A rule that could not tell.
   *
   * @param missing what would have to be seen
   */
  public record Undetermined(String id, String missing) {}

  /** The same with how long gathering and judging took, of which an examination knows nothing. */
  public Report after(Duration took) {
    Checked all =
        new Checked(
            checked.rules(),
            checked.pods(),
            checked.entries(),
            checked.agents(),
            checked.parts(),
            took);
    return new Report(verdict, path, findings, unknown, all);
  }

  /** The findings of one severity that no other explains. */
  public long count(Finding.Severity severity) {
    return causes().filter(finding -> finding.severity() == severity).count();
  }

  /** The findings that no other explains; of many that are alike one. */
  public Stream<Finding> causes() {
    return roots().map(Ranked::finding);
  }

  /** The findings that no other explains, each. */
  public Stream<Finding> everyCause() {
    return roots().flatMap(one -> Stream.concat(Stream.of(one.finding()), one.alike().stream()));
  }

  private Stream<Ranked> roots() {
    return findings.stream().filter(ranked -> ranked.explainedBy().isEmpty());
  }
}
