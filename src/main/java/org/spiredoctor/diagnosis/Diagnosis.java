package org.spiredoctor.diagnosis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Ranking.Found;
import org.spiredoctor.diagnosis.Report.Checked;
import org.spiredoctor.diagnosis.Report.Part;
import org.spiredoctor.diagnosis.Report.Undetermined;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;

/** Applies rules to evidence. */
public final class Diagnosis {
  private Diagnosis() {}

  /** Applies every rule; none is left out because another found something. */
  public static Report examine(Evidence evidence, List<Rule> rules) {
    List<Found> found = new ArrayList<>();
    List<Undetermined> unknown = new ArrayList<>();
    for (Rule rule : rules) {
      outcomes(() -> List.of(rule.examine(evidence)))
          .forEach(outcome -> sort(rule, outcome, found, unknown));
    }
    return report(
        IdentityPath.of(evidence),
        found,
        unknown,
        new Checked(
            rules.size(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Duration.ZERO));
  }

  /** The same for a cluster. */
  public static Report examine(ClusterCase cluster, List<Rule> rules) {
    List<Found> found = new ArrayList<>();
    List<Undetermined> unknown = new ArrayList<>();
    for (Rule rule : rules) {
      outcomes(() -> rule.examine(cluster)).forEach(outcome -> sort(rule, outcome, found, unknown));
    }
    // Of a cluster that cannot be reached all is unknown for one reason, whatever a rule missed,
    // unless its server was reached another way.
    List<Undetermined> reasons =
        cluster
            .evidence()
            .snapshot()
            .cluster()
            .missing()
            .filter(_ -> cluster.evidence().snapshot().servers().isEmpty())
            .map(
                why -> unknown.stream().map(u -> new Undetermined(u.id(), why)).distinct().toList())
            .orElse(unknown);
    ClusterEvidence evidence = cluster.evidence();
    ManagedObjects objects = new ManagedObjects(evidence);
    DataAtRisk data = new DataAtRisk(cluster);
    return report(
        withoutRefuted(cluster, ClusterPath.of(cluster), found),
        found.stream()
            .map(f -> new Found(f.rule(), data.warn(objects.manage(f.finding()))))
            .toList(),
        reasons,
        new Checked(
            rules.size(),
            evidence.pods().seen().map(_ -> cluster.pods().size()),
            evidence.entries().seen().map(List::size),
            evidence.attested().seen().map(all -> all.size() - elsewhere(cluster)),
            parts(evidence),
            Duration.ZERO));
  }

  /** An error stops the identity: then an entry that is served does not show that it is issued. */
  private static List<Link> withoutRefuted(
      ClusterCase cluster, List<Link> path, List<Found> found) {
    Link last = path.getLast();
    if (last.state() != Link.State.HOLDS || cluster.pods().isEmpty()) {
      return path;
    }
    Scope pods = cluster.scope(cluster.pods());
    List<Finding> errors =
        found.stream()
            .map(Found::finding)
            .filter(one -> one.severity() == Severity.ERROR && one.scope().covers(pods))
            .toList();
    if (errors.isEmpty()) {
      return path;
    }
    boolean known =
        errors.stream()
            .anyMatch(
                one -> one.confidence() == Confidence.CERTAIN && !one.scope().pods().isEmpty());
    List<Link> doubted = new ArrayList<>(path);
    doubted.set(
        path.size() - 1,
        new Link(
            last.name(),
            known ? Link.State.BROKEN : Link.State.UNSEEN,
            last.text()
                + (cluster.pods().size() == 1 ? " by its entry" : "")
                + ", but an error was found"));
    return List.copyOf(doubted);
  }

  private static int elsewhere(ClusterCase cluster) {
    return cluster.installations().stream().mapToInt(one -> one.ofOtherClusters().size()).sum();
  }

  private static List<Part> parts(ClusterEvidence evidence) {
    return Stream.concat(
            Stream.concat(evidence.servers().stream(), evidence.agents().stream())
                .map(one -> part(one, false)),
            evidence.aside().stream().map(one -> part(one, true)))
        .toList();
  }

  private static Part part(Component one, boolean aside) {
    return new Part(
        one.role().name().toLowerCase(Locale.ROOT), Subject.of(one), one.corroboration(), aside);
  }

  /** A rule with a fault of its own knows nothing, and keeps no other from finding. */
  private static List<Outcome> outcomes(Supplier<List<Outcome>> examination) {
    try {
      return examination.get();
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      return List.of(
          new Outcome.Unknown(
              "what this rule says, for it failed: " + e + " (this is a fault of spire-doctor)"));
    }
  }

  private static void sort(
      Rule rule, Outcome outcome, List<Found> found, List<Undetermined> unknown) {
    switch (outcome) {
      case Outcome.Found(Finding finding) -> found.add(new Found(rule, finding));
      case Outcome.Unknown(String missing) -> unknown.add(new Undetermined(rule.id(), missing));
      case Outcome.Passed _, Outcome.NotApplicable _ -> {}
    }
  }

  private static Report report(
      List<Link> path, List<Found> all, List<Undetermined> unknown, Checked checked) {
    List<Found> found = withoutGuesses(all);
    boolean problems = found.stream().anyMatch(f -> f.finding().severity() == Severity.ERROR);
    // Rules may have been left out: what does not reach its end is not healthy all the same.
    boolean whole =
        unknown.isEmpty() && path.stream().allMatch(link -> link.state() == Link.State.HOLDS);
    Verdict verdict = problems ? Verdict.PROBLEMS : whole ? Verdict.HEALTHY : Verdict.UNKNOWN;
    return new Report(verdict, path, Ranking.rank(found), List.copyOf(unknown), checked);
  }

  /** What is merely possible is of no use to whom something is known to be wrong with. */
  private static List<Found> withoutGuesses(List<Found> all) {
    ScopeIndex errors = new ScopeIndex();
    for (int at = 0; at < all.size(); at++) {
      if (all.get(at).finding().severity() == Severity.ERROR) {
        errors.add(at, all.get(at).finding().scope());
      }
    }
    return all.stream()
        .filter(one -> !one.finding().isGuess() || !errors.coversAll(one.finding().scope()))
        .toList();
  }
}
