package org.spiredoctor.registration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
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

/**
 * The node aliases that are missing: without one, an entry is made, looks healthy, and is never
 * given to any agent.
 *
 * @param aliases entries that lead from attested agents to the parents that are declared
 * @param problems parents that nothing can lead to
 */
public record Parents(List<Declared> aliases, List<Problem> problems) {
  /** What of an agent's selectors is the same for all agents of one kind in one cluster. */
  private static final Set<String> OF_CLUSTER = Set.of("cluster", "agent_ns", "agent_sa");

  private static final Set<String> KUBERNETES = Set.of("k8s_psat", "k8s_sat");

  /**
   * Of declared entries.
   *
   * @param present the server's entries
   * @param agents that are attested, and neither banned nor expired
   * @param own the selectors that all agents of the cluster at hand have; empty where they are not
   *     known
   */
  public static Parents of(
      List<Declared> declared, List<Entry> present, List<Agent> agents, Set<Selector> own) {
    List<Entry> all = new ArrayList<>(present);
    declared.forEach(one -> all.add(one.entry()));
    List<Agent> ours = agents.stream().filter(a -> a.selectors().containsAll(own)).toList();
    List<Agent> meant = own.isEmpty() || ours.isEmpty() ? agents : ours;
    Map<String, Declared> missing = missing(declared, all, meant);
    // What hangs on another missing parent is reached through that one.
    Map<String, Declared> topmost = new LinkedHashMap<>(missing);
    declared.forEach(one -> topmost.remove(below(one, missing)));
    Search search =
        new Search(declared, meant, ours.isEmpty() && !agents.isEmpty() ? Set.of() : own);
    topmost.forEach(search::lead);
    search.rest(missing(declared, all, meant, false), missing.keySet(), new ParentGraph(all));
    if (search.problems.isEmpty() && !agents.isEmpty()) {
      search.aliases.forEach(alias -> all.add(alias.entry()));
      missing(declared, all, meant).forEach(search::circle);
    }
    return new Parents(List.copyOf(search.aliases), List.copyOf(search.problems));
  }

  /** The parents that no agent leads to, and who first declares each. */
  private static Map<String, Declared> missing(
      List<Declared> declared, List<Entry> all, List<Agent> agents) {
    return missing(declared, all, agents, true);
  }

  /** The same, or those that not every agent leads to. */
  private static Map<String, Declared> missing(
      List<Declared> declared, List<Entry> all, List<Agent> agents, boolean none) {
    ParentGraph graph = new ParentGraph(all);
    List<Set<String>> served = agents.stream().map(graph::parentsServedBy).toList();
    Map<String, Declared> missing = new LinkedHashMap<>();
    for (Declared one : declared) {
      String parent = one.entry().parentId();
      boolean reached =
          none
              ? served.stream().anyMatch(its -> its.contains(parent))
              : served.stream().allMatch(its -> its.contains(parent));
      if (!one.entry().forNodes() && !reached) {
        missing.putIfAbsent(parent, one);
      }
    }
    return missing;
  }

  /** The id that a declared entry grants, where that hangs on a missing parent; else none. */
  private static String below(Declared one, Map<String, Declared> missing) {
    Entry entry = one.entry();
    return !entry.forNodes()
            && missing.containsKey(entry.parentId())
            && !entry.parentId().equals(entry.spiffeId())
        ? entry.spiffeId()
        : "";
  }

  private static final class Search {
    private final List<Declared> declared;
    private final List<Agent> agents;
    private final Set<Selector> own;
    private final List<Declared> aliases = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    Search(List<Declared> declared, List<Agent> agents, Set<Selector> own) {
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
            parent
                + " is a parent of others, and no attested agent has its selectors"
                + attested());
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
              .filter(Search::byToken)
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
  }
}
