package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.diagnosis.rules.agent.AgentIdentityShared;
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
                "kubectl logs -n spire-system -l app=spire-agent --tail=500 --prefix"))
        .found("The identity came very late: the agent may have been backing off from the server");
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    Optional<String> missing = cluster.evidence().pods().missing();
    if (missing.isPresent()) {
      return List.of(new Outcome.Unknown(missing.get()));
    }
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
            .ifPresent(wait -> found.add(finding(scope(cluster, agents, pod), pod, wait)));
      }
    }
    return found.isEmpty() ? List.of(new Outcome.Passed()) : List.copyOf(found);
  }

  private static Scope scope(ClusterCase cluster, Component agents, Pod pod) {
    return cluster.scope(cluster.home(agents), Set.of(pod.node()));
  }

  private static boolean ready(Component server) {
    return server.pods().stream().anyMatch(Pod::ready);
  }

  private record Wait(Log.Line failure, Duration rest) {}

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
        : Optional.of(new Wait(last, Duration.between(now, next)));
  }

  private Outcome finding(Scope scope, Pod pod, Wait wait) {
    return Finding.warning(this, Subject.of(pod), scope)
        .confidence(Confidence.LIKELY)
        .seen("log of " + pod.inWords(), wait.failure().inShort())
        .remedy(
            new Remedy.Command(
                "Start the agent anew, so that it asks the server at once", Kubectl.delete(pod)))
        .remedy(new Remedy.Advice("Or wait: it asks again by itself"))
        .found(
            "The agent on "
                + pod.node()
                + " could not reach the server for a while, and may ask it for new entries only in "
                + wait.rest().toSeconds()
                + " s");
  }

  @Override
  public Set<Class<? extends Rule>> explainedBy() {
    // It was refused, and did reach the server.
    return Set.of(AgentIdentityShared.class);
  }
}
