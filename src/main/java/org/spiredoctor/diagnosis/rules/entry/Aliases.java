package org.spiredoctor.diagnosis.rules.entry;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Difference;
import org.spiredoctor.identity.EditDistance;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.NearestEntries;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;

/** Node aliases: how all agents of a cluster are meant at once. */
final class Aliases {
  private static final Set<String> COMMON =
      Set.of("k8s_psat:cluster", "k8s_psat:agent_ns", "k8s_psat:agent_sa");

  private static final Set<String> OF_ONE =
      Set.of(
          "k8s_psat:agent_node_name",
          "k8s_psat:agent_node_uid",
          "k8s_psat:agent_node_ip",
          "k8s_psat:agent_pod_name",
          "k8s_psat:agent_pod_uid");

  /** As many letters as a slip of the pen may change. */
  private static final int SLIPS = 2;

  private Aliases() {}

  /** The selectors that an agent shares with the others of its cluster; empty when not known. */
  static Set<Selector> selectors(InstallationCase home, Optional<Agent> agent) {
    Set<Selector> common =
        agent.map(Agent::selectors).orElse(Set.of()).stream()
            .filter(selector -> COMMON.contains(selector.subject()))
            .collect(Collectors.toSet());
    if (!common.isEmpty()) {
      return common;
    }
    return home.aliasSelectors();
  }

  /** An alias for all agents that have in common what an agent has; absent without such a thing. */
  static Optional<Entry> forAll(InstallationCase home, Optional<Agent> agent) {
    Set<Selector> selectors = selectors(home, agent);
    Optional<String> domain = agent.map(Agent::id).map(SpiffeIds::trustDomain);
    if (selectors.isEmpty() || domain.isEmpty()) {
      return Optional.empty();
    }
    // What is there already stands for others.
    return Stream.of("/spire-agent", "/node-alias")
        .map(path -> SpiffeIds.of(domain.get(), path))
        .filter(id -> granting(home, id).isEmpty())
        .findFirst()
        .map(id -> Entry.of(id, SpiffeIds.of(domain.get(), "/spire/server"), selectors));
  }

  /** What is of one agent, or of some: an alias by it is for their nodes on purpose. */
  static boolean isNarrow(Entry alias) {
    return alias.selectors().stream().anyMatch(selector -> !COMMON.contains(selector.subject()));
  }

  /** Whether an alias means all agents of this cluster, those that come with new nodes too. */
  static boolean isForAll(InstallationCase home, Entry alias) {
    return alias.selectors().stream().noneMatch(Aliases::isOfOneAgent)
        && home.ownAgents().stream()
            .allMatch(agent -> agent.selectors().containsAll(alias.selectors()));
  }

  private static boolean isOfOneAgent(Selector selector) {
    return OF_ONE.contains(selector.subject());
  }

  /** The entries that grant a parent. */
  static List<Entry> granting(InstallationCase home, String parent) {
    return home.entries().stream().filter(e -> e.spiffeId().equals(parent)).toList();
  }

  /** Quotes what keeps an alias from an agent. */
  static void quote(Entry alias, Optional<Agent> agent, Finding.Builder finding) {
    Set<Selector> has = agent.map(Agent::selectors).orElse(Set.of());
    for (Difference difference : NearestEntries.candidate(alias, has).differences()) {
      finding.seen(
          "alias " + alias.id(),
          difference.wanted()
              + difference
                  .instead()
                  .map(is -> ", the agent has " + is)
                  .orElse(", not the agent's"));
    }
  }

  /** An alias of the pod's agent of which an entry's parent is a slip of the pen. */
  static Optional<String> meant(PodEntryMatch one) {
    String parent = one.entryMatch().entry().parentId();
    return one.home().entries().stream()
        .filter(Entry::forNodes)
        .map(Entry::spiffeId)
        .filter(id -> !id.equals(parent) && EditDistance.of(id, parent, SLIPS) <= SLIPS)
        .filter(id -> one.home().leadsTo(id, one.pod().node()))
        .findFirst();
  }

  /**
   * Creates an alias, or lets the one that there is mean the agents of this cluster; one that means
   * other agents stays theirs.
   *
   * @param granting the entries that grant the parent
   */
  static Remedy remedy(
      InstallationCase home, String parent, List<Entry> granting, Optional<Agent> agent) {
    Set<Selector> selectors = selectors(home, agent);
    if (selectors.isEmpty()) {
      return agent
          .map(one -> ofOneAgent(home, parent, one))
          .orElseGet(
              () -> new Remedy.Advice("Create a node alias " + parent + " that the agent matches"));
    }
    List<Entry> aliases = granting.stream().filter(Entry::forNodes).toList();
    if (aliases.size() == 1
        && !means(home, aliases.getFirst())
        && !home.isOfOtherCluster(aliases.getFirst().selectors())) {
      return home.commands()
          .update(
              "Correct the node alias, so that it means the agents of this cluster",
              aliases.getFirst(),
              aliases.getFirst().parentId(),
              selectors,
              true);
    }
    return home.commands()
        .createAlias(
            granting.isEmpty()
                ? "Create the node alias: every agent of this cluster then leads to it"
                : "Create a second node alias of this name: what is below it is then served by the"
                    + " agents of this cluster too",
            parent,
            selectors,
            granting.isEmpty() && isOfCluster(selectors) && agent.filter(home::isOwn).isPresent());
  }

  /** Whether an alias means any agent that there is. */
  private static boolean means(InstallationCase home, Entry alias) {
    return home.installation().attested().seen().orElse(List.of()).stream()
        .filter(agent -> !home.isReplaced(agent))
        .anyMatch(agent -> agent.selectors().containsAll(alias.selectors()));
  }

  private static boolean isOfCluster(Set<Selector> selectors) {
    return selectors.stream().map(Selector::subject).collect(Collectors.toSet()).equals(COMMON);
  }

  /** As {@code token generate -spiffeID} does it: such an agent has no selectors of its own. */
  private static Remedy ofOneAgent(InstallationCase home, String parent, Agent agent) {
    return home.commands()
        .create(
            "Create the parent below the agent, which has no selectors for a node alias",
            parent,
            agent.id(),
            Set.of(new Selector("spiffe_id", agent.id())));
  }
}
