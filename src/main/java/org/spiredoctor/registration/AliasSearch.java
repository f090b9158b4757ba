package org.spiredoctor.registration;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.ParentGraph;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;

/** Looks for what leads from agents to parents. */
final class AliasSearch {
  /** What of an agent's selectors is the same for all agents of one kind in one cluster. */
  private static final Set<String> OF_CLUSTER = Set.of("cluster", "agent_ns", "agent_sa");

  private static final Set<String> KUBERNETES = Set.of("k8s_psat", "k8s_sat");

  private final List<Declared> declared;
  private final List<Agent> agents;
  private final Set<Selector> own;
  private final List<Declared> aliases = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  AliasSearch(List<Declared> declared, List<Agent> agents, Set<Selector> own) {
    this.declared = declared;
    this.agents = agents;
    this.own = own;
  }

  void lead(String parent, Declared first) {
    Optional<Declared> itself =
        declared.stream().filter(one -> one.entry().spiffeId().equals(parent)).findFirst();
    if (SpiffeIds.isAgent(parent)) {
      problem(first, "no agent with the id " + parent + " is attested" + attested());
    } else if (itself.isPresent()) {
      problem(
          itself.get(),
          parent + " is a parent of others, and no attested agent has its selectors" + attested());
    } else {
      List<Entry> leading = leading(parent);
      leading.forEach(this::add);
      if (leading.isEmpty()) {
        problem(first, "nothing leads from an agent to the parent " + parent + why(parent));
      }
    }
  }

  /** Each agent by join token is a parent of its own: one that came later has no alias yet. */
  void rest(Map<String, Declared> partly, Set<String> missing, ParentGraph graph) {
    for (String parent : partly.keySet()) {
      if (!missing.contains(parent) && !SpiffeIds.isAgent(parent)) {
        agents.stream()
            .filter(AliasSearch::byToken)
            .filter(agent -> !graph.parentsServedBy(agent).contains(parent))
            .forEach(agent -> add(byToken(parent, agent)));
      }
    }
  }

  private void add(Entry alias) {
    aliases.add(new Declared(alias, false, Origin.NONE));
  }

  private static boolean byToken(Agent agent) {
    return agent.attestationType().equals("join_token");
  }

  /** As 'spire-server token generate -spiffeID' does it: such an agent has no selectors. */
  private static Entry byToken(String parent, Agent agent) {
    return Entry.of(parent, agent.id(), Set.of(new Selector("spiffe_id", agent.id())));
  }

  void circle(String parent, Declared first) {
    problem(first, parent + " is its own ancestor, and no agent leads to it");
  }

  private void problem(Declared of, String text) {
    problems.add(new Problem(of.origin(), "parentID", text));
  }

  private List<Entry> leading(String parent) {
    if (!own.isEmpty()) {
      return List.of(alias(parent, own));
    }
    Set<Set<Selector>> groups = new LinkedHashSet<>();
    List<Entry> leading = new ArrayList<>();
    for (Agent agent : agents) {
      if (KUBERNETES.contains(agent.attestationType())) {
        groups.add(ofCluster(agent));
      } else if (byToken(agent)) {
        leading.add(byToken(parent, agent));
      }
    }
    groups.stream()
        .filter(group -> !group.isEmpty())
        .forEach(group -> leading.add(alias(parent, group)));
    return leading;
  }

  private static Entry alias(String parent, Set<Selector> selectors) {
    return Entry.of(
        parent, SpiffeIds.of(SpiffeIds.trustDomain(parent), "/spire/server"), selectors);
  }

  private static Set<Selector> ofCluster(Agent agent) {
    return agent.selectors().stream()
        .filter(s -> OF_CLUSTER.contains(s.value().split(":", 2)[0]))
        .collect(Collectors.toSet());
  }

  private String why(String parent) {
    if (agents.isEmpty()) {
      return ": no agent is attested";
    }
    Set<Selector> common = new LinkedHashSet<>(agents.getFirst().selectors());
    agents.forEach(agent -> common.retainAll(agent.selectors()));
    return "; which selectors stand for agents attested by "
        + agents.getFirst().attestationType()
        + " cannot be told: declare "
        + parent
        + " too, with parentID "
        + SpiffeIds.of(SpiffeIds.trustDomain(parent), "/spire/server")
        + some(common.stream().sorted().map(Selector::toString), " and some of ");
  }

  private String attested() {
    return agents.isEmpty()
        ? ": no agent is attested"
        : some(agents.stream().map(Agent::id), "; attested are ");
  }

  private static String some(Stream<String> texts, String before) {
    List<String> all = texts.toList();
    return all.isEmpty()
        ? ""
        : before
            + String.join(", ", all.subList(0, Math.min(3, all.size())))
            + (all.size() > 3 ? " and " + (all.size() - 3) + " more" : "");
  }

  /** What was found. */
  List<Declared> aliases() {
    return List.copyOf(aliases);
  }

  /** What could not be. */
  List<Problem> problems() {
    return List.copyOf(problems);
  }
}
