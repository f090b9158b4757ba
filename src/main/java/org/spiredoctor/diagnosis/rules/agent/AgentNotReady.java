package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.NotReadyReason;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.rules.LoopbackHealthChecks;
import org.spiredoctor.kube.Node;

/** An agent's pod is on its node, but not ready: no pod there gets an identity from it. */
@AutoService(Rule.class)
public final class AgentNotReady implements Rule {

  /** An agent that attests at once is ready in less. */
  private static final Duration START = Duration.ofSeconds(30);

  /** Agents of which the same is not known, or that ail alike. */
  private record Symptom(Optional<String> unknown, String reason) {}

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentPods.judge(
        this,
        cluster,
        agent ->
            agent.home().isUp(agent.pod())
                ? Optional.empty()
                : Optional.of(
                    new Symptom(
                        StartingAgent.unknown(cluster, agent),
                        NotReadyReason.of(agent.pod()).inWords())),
        (symptom, first, finding) ->
            symptom
                .unknown()
                .<Outcome>map(Outcome.Unknown::new)
                .orElseGet(() -> finish(cluster, first, finding)));
  }

  private static Outcome finish(ClusterCase cluster, AgentPod first, Finding.Builder finding) {
    NotReadyReason reason = NotReadyReason.of(first.pod());
    Optional<LoopbackHealthChecks> health =
        LoopbackHealthChecks.of(cluster.evidence(), first.component(), first.pod());
    if (health.isPresent()) {
      health.get().tell(cluster.evidence(), finding);
      return finding.found(
          "The SPIRE agent on " + first.pod().node() + " " + health.get().inWords());
    }
    reason.quote(cluster.evidence(), finding);
    Node node = cluster.evidence().nodes().get(first.pod().node());
    if (node != null && !node.ready()) {
      finding.seen("node " + node.meta().name(), "is not ready itself");
    }
    boolean young =
        reason.mayBeStarting(cluster.evidence())
            && first
                .pod()
                .meta()
                .created()
                .filter(at -> at.plus(START).isAfter(cluster.evidence().at()))
                .isPresent();
    return finding
        .confidence(young ? Confidence.POSSIBLE : Confidence.CERTAIN)
        .remedy(reason.remedy(cluster.evidence()))
        .found(
            "The SPIRE agent on "
                + first.pod().node()
                + " "
                + reason.inWords(cluster.evidence())
                + (young ? "; it was made less than 30 s ago" : ""));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_ABSENT);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.AGENT_REFUSED, Effect.SVID_NOT_RENEWED, Effect.AGENT_NOT_READY);
  }
}
