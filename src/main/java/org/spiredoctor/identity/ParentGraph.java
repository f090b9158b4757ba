package org.spiredoctor.identity;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which parents lead to an agent. An agent is given the entries whose parent is its own id, or a
 * node alias whose selectors are all among the agent's, and downwards the entries whose parent is
 * such an entry (SPIRE, {@code pkg/server/authorizedentries}).
 */
public final class ParentGraph {
  private final EntryIndex aliases;

  /** The ids directly below a parent, of those that are parents themselves: they are few. */
  private final Map<String, Set<String>> below = new HashMap<>();

  /** Of all entries of a server. */
  public ParentGraph(Collection<Entry> entries) {
    for (Entry entry : entries) {
      if (!entry.forNodes()) {
        below.computeIfAbsent(entry.parentId(), _ -> new HashSet<>());
      }
    }
    for (Entry entry : entries) {
      if (!entry.forNodes() && below.containsKey(entry.spiffeId())) {
        below.computeIfAbsent(entry.parentId(), _ -> new HashSet<>()).add(entry.spiffeId());
      }
    }
    aliases = new EntryIndex(entries.stream().filter(Entry::forNodes).toList());
  }

  /** Whether an entry that is not for nodes has this parent. */
  boolean isParent(String id) {
    return below.containsKey(id);
  }

  /**
   * The ids that, as a parent, lead to this agent: its own among them. Those that are no entry's
   * parent may be missing.
   */
  public Set<String> parentsServedBy(Agent agent) {
    Set<String> reached = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    open.add(agent.id());
    aliases.matching(agent.selectors()).forEach(alias -> open.add(alias.spiffeId()));
    while (!open.isEmpty()) {
      String id = open.remove();
      // An entry may be its own ancestor.
      if (reached.add(id)) {
        open.addAll(below.getOrDefault(id, Set.of()));
      }
    }
    return reached;
  }
}
