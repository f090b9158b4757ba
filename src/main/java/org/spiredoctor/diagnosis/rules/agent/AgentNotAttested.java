package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.Ailment;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.rules.server.ServerNotFound;
import org.spiredoctor.diagnosis.rules.server.ServerNotReady;
import org.spiredoctor.diagnosis.rules.svid.ClockSkew;
import org.spiredoctor.diagnosis.rules.svid.SvidExpired;
import org.spiredoctor.diagnosis.rules.svid.TrustDomainMismatch;
import org.spiredoctor.identity.Agent;

/** An agent runs on a node, but the server knows none there. */
@AutoService(Rule.class)
public final class AgentNotAttested implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    Optional<String> missing = cluster.evidence().attested().missing();
    if (missing.isPresent() && AgentPod.all(cluster).stream().anyMatch(AgentPod::running)) {
      return List.of(new Outcome.Unknown(missing.get()));
    }
    return AgentPods.judge(
        this,
        cluster,
        agent ->
            missing.isEmpty() && agent.running() && agent.listed().isEmpty()
                ? Optional.of("not listed")
                : Optional.empty(),
        (_, first, finding) -> finish(cluster, first, finding));
  }

  private static Outcome finish(ClusterCase cluster, AgentPod first, Finding.Builder finding) {
    List<Agent> known = cluster.evidence().attested().seen().orElse(List.of());
    finding.seen("agents that the server lists", known.size() + ", none on " + first.pod().node());
    Ailment.complaint(first.log())
        .ifPresent(line -> finding.seen("log of " + first.pod().inWords(), line.inShort()));
    return finding
        .remedy(AgentPods.startAnew(first))
        .remedy(
            new Remedy.Advice(
                "If it is not attested a minute later, its log and the server's say what is"
                    + " refused"))
        .found(
            "The SPIRE agent on "
                + first.pod().node()
                + " runs, but the server does not know it: it has not attested");
  }

  @Override
  public Set<Class<? extends Rule>> explainedBy() {
    return Set.of(
        AgentConfigInvalid.class,
        AgentPsatRejected.class,
        AgentJoinTokenInvalid.class,
        AgentTrustBundleMismatch.class,
        TrustDomainMismatch.class,
        ClockSkew.class,
        SvidExpired.class,
        ServerNotFound.class,
        ServerNotReady.class);
  }
}
