package org.spiredoctor.identity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the entries that match a workload: those whose selectors are all among the workload's
 * (SPIRE, {@code pkg/agent/manager/cache}). Every entry is filed under the rarest of its selectors
 * only, so that a lookup reads few entries that do not match.
 */
public final class EntryIndex {
  private final Map<Selector, Drawer> drawers;

  /** The entries that have a selector, and those of them that are filed under it. */
  private record Drawer(List<Entry> having, List<Entry> filed) {
    static final Drawer EMPTY = new Drawer(List.of(), List.of());
  }

  /** Of these entries; the time it takes grows with the number of their selectors. */
  public EntryIndex(Collection<Entry> entries) {
    drawers = HashMap.newHashMap(entries.size());
    for (Entry entry : entries) {
      for (Selector selector : entry.selectors()) {
        drawers
            .computeIfAbsent(selector, _ -> new Drawer(new ArrayList<>(1), new ArrayList<>(0)))
            .having()
            .add(entry);
      }
    }
    for (Entry entry : entries) {
      Drawer rarest = null;
      for (Selector selector : entry.selectors()) {
        Drawer drawer = drawer(selector);
        if (rarest == null || drawer.having().size() < rarest.having().size()) {
          rarest = drawer;
        }
      }
      if (rarest != null) {
        rarest.filed().add(entry);
      }
    }
  }

  private Drawer drawer(Selector selector) {
    return drawers.getOrDefault(selector, Drawer.EMPTY);
  }

  /** The entries that have this selector, and perhaps others. */
  public List<Entry> having(Selector selector) {
    return drawer(selector).having();
  }

  /** All selectors of the entries. */
  Set<Selector> selectors() {
    return drawers.keySet();
  }

  /** The entries whose selectors are all among these. */
  public List<Entry> matching(Set<Selector> workload) {
    List<Entry> matching = new ArrayList<>();
    for (Selector selector : workload) {
      for (Entry entry : drawer(selector).filed()) {
        if (workload.containsAll(entry.selectors())) {
          matching.add(entry);
        }
      }
    }
    return matching;
  }
}
