package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.Ailment;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.rules.server.ServerNotFound;
import org.spiredoctor.diagnosis.rules.server.ServerNotReady;
import org.spiredoctor.diagnosis.rules.svid.ClockSkew;
import org.spiredoctor.diagnosis.rules.svid.SvidExpired;
import org.spiredoctor.diagnosis.rules.svid.TrustDomainMismatch;
import org.spiredoctor.kube.Node;

/** An agent's pod is on its node, but not ready: no pod there gets an identity from it. */
@AutoService(Rule.class)
public final class AgentNotReady implements Rule {

  /** An agent that attests at once is ready in less. */
  private static final Duration START = Duration.ofSeconds(30);

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentPods.judge(
        this,
        cluster,
        agent ->
            agent.pod().ready() ? Optional.empty() : Optional.of(Ailment.of(agent.pod()).inWords()),
        (ailing, first, finding) -> finish(cluster, ailing, first, finding));
  }

  private static Outcome finish(
      ClusterCase cluster, String ailing, AgentPod first, Finding.Builder finding) {
    Ailment ailment = Ailment.of(first.pod());
    ailment.quote(cluster.evidence(), finding);
    Node node = cluster.evidence().nodes().get(first.pod().node());
    if (node != null && !node.ready()) {
      finding.seen("node " + node.meta().name(), "is not ready itself");
    }
    boolean young =
        first
            .pod()
            .meta()
            .created()
            .filter(at -> at.plus(START).isAfter(cluster.evidence().at()))
            .isPresent();
    return finding
        .confidence(young ? Confidence.POSSIBLE : Confidence.CERTAIN)
        .remedy(ailment.remedy())
        .found(
            "The SPIRE agent on "
                + first.pod().node()
                + " "
                + ailing
                + (young ? "; it was made less than 30 s ago" : ""));
  }

  @Override
  public Set<Class<? extends Rule>> explainedBy() {
    return Set.of(
        AgentNotAttested.class,
        AgentConfigInvalid.class,
        AgentBanned.class,
        AgentExpired.class,
        AgentPsatRejected.class,
        AgentJoinTokenInvalid.class,
        AgentSocketDirectoryUnsupported.class,
        AgentTrustBundleMismatch.class,
        TrustDomainMismatch.class,
        ClockSkew.class,
        SvidExpired.class,
        ServerNotFound.class,
        ServerNotReady.class);
  }
}
