package org.spiredoctor.registration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.ParentGraph;
import org.spiredoctor.identity.Selector;

/**
 * The node aliases that are missing: without one, an entry is made, looks healthy, and is never
 * given to any agent.
 *
 * @param aliases entries that lead from attested agents to the parents that are declared
 * @param problems parents that nothing can lead to
 */
public record Parents(List<Declared> aliases, List<Problem> problems) {
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
    AliasSearch search =
        new AliasSearch(declared, meant, ours.isEmpty() && !agents.isEmpty() ? Set.of() : own);
    topmost.forEach(search::lead);
    search.rest(missing(declared, all, meant, false), missing.keySet(), new ParentGraph(all));
    if (search.problems().isEmpty() && !agents.isEmpty()) {
      search.aliases().forEach(alias -> all.add(alias.entry()));
      missing(declared, all, meant).forEach(search::circle);
    }
    return new Parents(search.aliases(), search.problems());
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
}
