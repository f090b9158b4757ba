package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
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

/** The server refuses an agent that somebody banned. */
@AutoService(Rule.class)
public final class AgentBanned implements Rule {

  /** Of the id that the agent tried to attest as; each agent has its own. */
  private record Ban(Optional<String> id) {}

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentPods.bySymptom(this, cluster, AgentBanned::ban, AgentBanned::finish);
  }

  private static Optional<Ban> ban(AgentPod agent) {
    List<Agent> listed = agent.listed();
    boolean all = !listed.isEmpty() && listed.stream().allMatch(Agent::banned);
    boolean says = agent.log().last("gent is banned").isPresent();
    return all || says
        ? Optional.of(new Ban(listed.stream().filter(Agent::banned).map(Agent::id).findFirst()))
        : Optional.empty();
  }

  private static Outcome finish(Ban ban, AgentPod first, Finding.Builder finding) {
    ban.id().ifPresent(id -> finding.seen("agents that the server lists", id + " is banned"));
    first.log().last("gent is banned").ifPresent(line -> finding.said(first.pod(), line));
    finding.remedy(
        ban.id()
            .<Remedy>map(
                id ->
                    new Remedy.Command(
                        "If the ban was a mistake, or its reason is gone, evict the agent: that"
                            + " alone lifts a ban",
                        first.home().commands().command("agent", "evict", "-spiffeID", id)))
            .orElse(
                new Remedy.Command(
                    "Find the banned agent, then evict it by its id: that alone lifts a ban",
                    first.home().commands().command("agent", "list", "-banned", "true"))));
    return finding
        .remedy(AgentPods.restart(first))
        .found(
            "The SPIRE agent on "
                + first.pod().node()
                + " is banned, so that the server neither attests it nor gives it anything");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_ABSENT, Effect.AGENT_NOT_READY);
  }
}
