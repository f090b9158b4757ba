package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.CrashReason;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.identity.Agent;

/** An agent runs on a node, but the server knows none there. */
@AutoService(Rule.class)
public final class AgentNotAttested implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<Outcome> unknown =
        Outcome.unknown(
            AgentPod.all(cluster).stream()
                .filter(AgentPod::running)
                .flatMap(agent -> attested(agent).missing().stream()));
    if (unknown.size() == cluster.installations().size()) {
      return unknown;
    }
    List<Outcome> judged =
        AgentPods.judgeAll(
            this,
            cluster,
            agent ->
                attested(agent).seen().isPresent() && agent.running() && agent.listed().isEmpty()
                    ? Optional.of(StartingAgent.unknown(cluster, agent))
                    : Optional.empty(),
            (starting, alike, finding) ->
                starting
                    .<Outcome>map(Outcome.Unknown::new)
                    .orElseGet(() -> finish(asFirst(cluster, alike), finding)));
    return Stream.concat(judged.stream(), unknown.stream()).toList();
  }

  /** Where the first serves pods in question, those that serve the others of them. */
  private static List<AgentPod> asFirst(ClusterCase cluster, List<AgentPod> alike) {
    boolean asked = cluster.evidence().isAsked(alike.getFirst().pod().node());
    return alike.stream()
        .filter(agent -> cluster.evidence().isAsked(agent.pod().node()) == asked)
        .toList();
  }

  private static Observed<List<Agent>> attested(AgentPod agent) {
    return agent.home().installation().attested();
  }

  private static Outcome finish(List<AgentPod> alike, Finding.Builder finding) {
    AgentPod first = alike.getFirst();
    List<Agent> known = attested(first).seen().orElse(List.of());
    int others = first.home().ofOtherClusters().size();
    finding.seen(
        "agents that the server lists",
        (known.size() - others)
            + ", none on "
            + first.pod().node()
            + (others == 0
                ? ""
                : "; besides "
                    + others
                    + (others == 1 ? " agent" : " agents")
                    + " of another cluster"));
    CrashReason.in(first.log()).ifPresent(line -> finding.said(first.pod(), line));
    return finding
        .remedy(AgentPods.restart(alike))
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
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_ABSENT, Effect.AGENT_NOT_READY);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.AGENT_REFUSED, Effect.SVID_NOT_RENEWED);
  }
}
