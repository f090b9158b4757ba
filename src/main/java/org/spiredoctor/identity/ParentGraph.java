package org.spiredoctor.identity;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which parents lead to an agent. An agent is given the entries whose parent is its own id, or a
 * node alias whose selectors are all among the agent's, and downwards the entries whose parent is
 * such an entry (SPIRE, {@code pkg/server/authorizedentries}).
 */
public final class ParentGraph {
  private final EntryIndex aliases;
  private final Map<String, List<Entry>> byParent = new HashMap<>();

  /** Of all entries of a server. */
  public ParentGraph(Collection<Entry> entries) {
    List<Entry> forNodes = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.forNodes()) {
        forNodes.add(entry);
      } else {
        byParent.computeIfAbsent(entry.parentId(), _ -> new ArrayList<>()).add(entry);
      }
    }
    aliases = new EntryIndex(forNodes);
  }

  /** The ids that, as a parent, lead to this agent: its own among them. */
  public Set<String> parentsServedBy(Agent agent) {
    Set<String> reached = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    open.add(agent.id());
    aliases.matching(agent.selectors()).forEach(alias -> open.add(alias.spiffeId()));
    while (!open.isEmpty()) {
      String id = open.remove();
      // An entry may be its own ancestor.
      if (reached.add(id)) {
        byParent.getOrDefault(id, List.of()).forEach(entry -> open.add(entry.spiffeId()));
      }
    }
    return reached;
  }
}
