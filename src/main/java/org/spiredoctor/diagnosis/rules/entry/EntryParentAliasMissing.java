package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodStanding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.rules.agent.AgentPsatRejected;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Difference;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Nearest;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.Standing;

/** An entry matches, and its parent is an alias that no agent, or not this one, has. */
@AutoService(Rule.class)
public final class EntryParentAliasMissing implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Unserved.examine(
        this,
        cluster,
        Standing.Kind.PARENT_ALIAS_MISSING,
        (one, finding) -> finish(cluster, one, finding));
  }

  private static Outcome finish(ClusterCase cluster, PodStanding one, Finding.Builder finding) {
    Entry entry = one.standing().entry();
    finding.seen(entry.inWords(), "parent " + entry.parentId());
    Optional<Agent> agent = cluster.agentsFor(one.pod().node()).stream().findFirst();
    List<Entry> aliases =
        cluster.evidence().entries().seen().orElse(List.of()).stream()
            .filter(e -> e.spiffeId().equals(entry.parentId()))
            .toList();
    if (aliases.isEmpty()) {
      finding.seen("entries", "none grants " + entry.parentId());
    }
    for (Entry alias : aliases) {
      Set<Selector> has = agent.map(Agent::selectors).orElse(Set.of());
      for (Difference difference : Nearest.candidate(alias, has).differences()) {
        finding.seen(
            "alias " + alias.id(),
            difference.wanted()
                + difference
                    .instead()
                    .map(is -> ", the agent has " + is)
                    .orElse(", not the agent's"));
      }
    }
    Set<Selector> selectors = Aliases.selectors(cluster, agent);
    finding.remedy(
        selectors.isEmpty()
            ? new Remedy.Advice("Make a node alias " + entry.parentId() + " that the agent matches")
            : aliases.size() == 1 && aliases.getFirst().forNodes()
                ? cluster
                    .spire()
                    .update(
                        "Correct the node alias, so that it means the agents of this cluster",
                        aliases.getFirst(),
                        aliases.getFirst().parentId(),
                        selectors,
                        true)
                : cluster
                    .spire()
                    .createAlias(
                        "Make the node alias: every agent of this cluster then leads to it",
                        entry.parentId(),
                        selectors));
    return finding.found(
        "The entry for "
            + entry.spiffeId()
            + " matches the pod, but its parent "
            + entry.parentId()
            + (aliases.isEmpty()
                ? " does not exist"
                : " is an alias that the agent of this node does not match")
            + ", so no agent is given it");
  }

  /** Of an agent that is not attested the name of its cluster is only what its settings say. */
  @Override
  public Set<Class<? extends Rule>> explainedBy() {
    return Set.of(AgentPsatRejected.class);
  }
}
