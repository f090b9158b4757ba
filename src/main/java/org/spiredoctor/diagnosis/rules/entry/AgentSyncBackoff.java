package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Pod;

/** Denied for long and served then: the agent had stopped asking the server as often. */
@AutoService(Rule.class)
public final class AgentSyncBackoff implements Rule {
  /** SPIRE waits no longer, whatever its interval. */
  private static final Duration LONGEST = Duration.ofMinutes(8);

  /** So long it takes when all is well. */
  private static final Duration SHORT = Duration.ofSeconds(15);

  /** Longer than a server takes to be replaced. */
  private static final Duration OUTAGE = Duration.ofMinutes(5);

  @Override
  public Outcome examine(Evidence evidence) {
    Duration denied = Denied.before(evidence);
    if (denied.compareTo(Denied.SYNC_TAKES_AT_MOST) <= 0) {
      return new Outcome.NotApplicable("not denied for long and served then");
    }
    return Finding.warning(this, evidence)
        .confidence(Confidence.POSSIBLE)
        .seen("agent", "no identity for " + denied.toSeconds() + " s, then one")
        .remedy(
            new Remedy.Command(
                "See whether the agent lost the server for a time: after errors it asks only every"
                    + " few minutes",
                Kubectl.agentLog(500)))
        .found("The identity came very late: the agent may have been backing off from the server");
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(cluster.evidence().pods(), _ -> outcomes(cluster));
  }

  private List<Outcome> outcomes(ClusterCase cluster) {
    if (cluster.evidence().servers().stream().noneMatch(AgentSyncBackoff::ready)) {
      return List.of(new Outcome.NotApplicable("no server is ready that could be asked"));
    }
    List<Outcome> found = new ArrayList<>();
    for (Component agents : cluster.evidence().agents()) {
      if (cluster.home(agents).installation().servers().stream()
          .noneMatch(AgentSyncBackoff::ready)) {
        continue;
      }
      for (Pod pod : agents.pods()) {
        waiting(cluster.evidence().log(pod, agents.container()), cluster.evidence().at())
            .ifPresent(wait -> found.add(finding(cluster, agents, pod, wait)));
      }
    }
    return found;
  }

  private static Scope scope(ClusterCase cluster, Component agents, Pod pod) {
    return cluster.scope(cluster.home(agents), Set.of(pod.node()));
  }

  private static boolean ready(Component server) {
    return server.pods().stream().anyMatch(Pod::ready);
  }

  /**
   * A wait between two attempts.
   *
   * @param since when it last failed after a success, or after its log begins
   * @param rest how long it may last
   */
  private record Wait(Log.Line failure, Instant since, Duration rest) {
    Instant failed() {
      return failure.at().orElse(since);
    }

    boolean isLong() {
      return Duration.between(since, failed()).compareTo(OUTAGE) >= 0;
    }
  }

  /** How long the agent may still wait: each time at most twice as long as the time before. */
  private static Optional<Wait> waiting(Log log, Instant now) {
    List<Log.Line> failures =
        log.afterStart().lines().stream()
            .filter(line -> line.says("Synchronize failed") && line.at().isPresent())
            .toList();
    if (failures.size() < 2) {
      return Optional.empty();
    }
    Log.Line last = failures.getLast();
    Instant failed = last.at().orElse(Instant.EPOCH);
    Duration wait =
        Duration.between(failures.get(failures.size() - 2).at().orElse(failed), failed)
            .multipliedBy(2);
    Instant next = failed.plus(wait.compareTo(LONGEST) < 0 ? wait : LONGEST);
    return wait.compareTo(SHORT) < 0 || !next.isAfter(now)
        ? Optional.empty()
        : Optional.of(new Wait(last, since(failures), Duration.between(now, next)));
  }

  /** The first of those between which it cannot have succeeded. */
  private static Instant since(List<Log.Line> failures) {
    Instant since = failures.getLast().at().orElse(Instant.EPOCH);
    for (Log.Line line : failures.reversed()) {
      Instant at = line.at().orElse(since);
      if (Duration.between(at, since).compareTo(LONGEST.plus(SHORT)) > 0) {
        return since;
      }
      since = at;
    }
    return since;
  }

  private Outcome finding(ClusterCase cluster, Component agents, Pod pod, Wait wait) {
    Scope scope = scope(cluster, agents, pod);
    boolean over = startedSince(cluster.home(agents), wait.since());
    boolean lacks = lacksEntry(cluster, pod.node(), wait.since());
    boolean error = lacks || (wait.isLong() && !over);
    Finding.Builder finding =
        (error
                ? Finding.error(this, Subject.of(pod), scope)
                : Finding.warning(this, Subject.of(pod), scope))
            .confidence(Confidence.LIKELY)
            .said(pod, wait.failure());
    if (over) {
      finding.remedy(
          new Remedy.Command(
              "The server was started since: restart the agent, so that it asks at once",
              Kubectl.delete(pod)));
    } else {
      finding.remedy(
          new Remedy.Advice(
              "Find out from the error of its log why the server does not answer it. Do not restart"
                  + " the agent before: this one goes on serving what it has, and a new one"
                  + " has to reach the server first"));
    }
    return finding
        .remedy(new Remedy.Advice("Or wait: it asks again by itself"))
        .found(
            "The agent on "
                + pod.node()
                + " could not ask the server since "
                + wait.since()
                + (lacks ? ", so it does not have the newest entries of its pods" : "")
                + ", and may ask it for new entries only in "
                + wait.rest().toSeconds()
                + " s");
  }

  /** Whether a server was started, so that what it failed at then is over. */
  private static boolean startedSince(InstallationCase home, Instant since) {
    return home.installation().servers().stream()
        .flatMap(server -> server.pods().stream().filter(Pod::ready))
        .flatMap(pod -> Component.Role.SERVER.container(pod).stream())
        .flatMap(container -> container.status().stream())
        .flatMap(status -> status.state().started().stream())
        .anyMatch(since::isBefore);
  }

  /** Whether a pod there has no entry but such as were made since. */
  private static boolean lacksEntry(ClusterCase cluster, String node, Instant since) {
    return cluster.entryMatches().seen().orElse(List.of()).stream()
        .filter(one -> one.pod().node().equals(node) && one.entryMatch().served())
        .anyMatch(
            one ->
                one.entryMatch().entries().stream()
                    .allMatch(e -> e.createdAt().filter(since::isBefore).isPresent()));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.WORKLOAD_API_FAILS);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.AGENT_REFUSED, Effect.SVID_NOT_RENEWED);
  }
}
