package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Agent;

/** An agent's own SVID expired before it was renewed. */
@AutoService(Rule.class)
public final class AgentExpired implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    if (cluster.evidence().attested().seen().isEmpty()) {
      // AgentNotAttested says what would have to be seen.
      return List.of(new Outcome.NotApplicable("the server's agents were not seen"));
    }
    Instant now = cluster.evidence().at();
    return AgentPods.judge(
        this,
        cluster,
        agent -> latest(agent).filter(a -> a.expiresAt().filter(now::isAfter).isPresent()),
        AgentExpired::finish);
  }

  /** The one that expires last, of those that may be it; old lives of a node stay listed. */
  private static Optional<Agent> latest(AgentPod agent) {
    return agent.listed().stream()
        .filter(a -> !a.banned())
        .max(Comparator.comparing(a -> a.expiresAt().orElse(Instant.MAX)));
  }

  private static Outcome finish(Agent expired, AgentPod first, Finding.Builder finding) {
    finding.seen(
        "agents that the server lists",
        expired.id() + " expired at " + expired.expiresAt().map(Instant::toString).orElse(""));
    first
        .log()
        .last("SVID is expired", "certificate has expired", "agent SVID")
        .ifPresent(line -> finding.said(first.pod(), line));
    if (!expired.canReattest()) {
      finding.remedy(
          new Remedy.Command(
              "Evict the agent: it cannot attest again by itself, and needs a new join token",
              first.home().commands().command("agent", "evict", "-spiffeID", expired.id())));
    }
    return finding
        .remedy(AgentPods.restart(first))
        .found(
            "The SVID of the SPIRE agent on "
                + first.pod().node()
                + " has expired, and the agent has not renewed it");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_ABSENT, Effect.AGENT_NOT_READY);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.AGENT_REFUSED, Effect.SVID_NOT_RENEWED);
  }
}
