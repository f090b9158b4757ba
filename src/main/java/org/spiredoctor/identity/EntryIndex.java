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
 * only, so that a lookup reads few entries that do not match, and little is held of a million.
 */
public final class EntryIndex {
  /** A selector that more entries have than this tells nothing of which is meant. */
  private static final int COMMON = 100;

  private final Collection<Entry> entries;
  private final Map<Selector, Drawer> drawers = new HashMap<>();
  private boolean complete;

  /** The entries that have a selector. */
  private static final class Drawer {
    static final Drawer EMPTY = new Drawer();

    private int count;
    private List<Entry> filed = List.of();

    /** Filled when it is asked for, where they are few. */
    private List<Entry> having = List.of();
  }

  /** Most lists have one item. */
  private static List<Entry> with(List<Entry> some, Entry entry) {
    if (some.isEmpty()) {
      return List.of(entry);
    }
    List<Entry> more = some.size() == 1 ? new ArrayList<>(some) : some;
    more.add(entry);
    return more;
  }

  /** Of these entries; the time it takes grows with the number of their selectors. */
  public EntryIndex(Collection<Entry> entries) {
    this.entries = entries;
    for (Entry entry : entries) {
      for (Selector selector : entry.selectors()) {
        drawers.computeIfAbsent(selector, _ -> new Drawer()).count++;
      }
    }
    for (Entry entry : entries) {
      Drawer rarest = null;
      for (Selector selector : entry.selectors()) {
        Drawer drawer = drawer(selector);
        if (rarest == null || drawer.count < rarest.count) {
          rarest = drawer;
        }
      }
      if (rarest != null) {
        rarest.filed = with(rarest.filed, entry);
      }
    }
  }

  private Drawer drawer(Selector selector) {
    return drawers.getOrDefault(selector, Drawer.EMPTY);
  }

  /** All entries. */
  Collection<Entry> entries() {
    return entries;
  }

  /** The entries that have this selector, and perhaps others; none where they are very many. */
  List<Entry> having(Selector selector) {
    if (!complete) {
      complete();
    }
    return drawer(selector).having;
  }

  private void complete() {
    complete = true;
    for (Entry entry : entries) {
      for (Selector one : entry.selectors()) {
        Drawer drawer = drawer(one);
        if (drawer.count <= COMMON) {
          drawer.having =
              drawer.count == drawer.filed.size() ? drawer.filed : with(drawer.having, entry);
        }
      }
    }
  }

  /** All selectors of the entries. */
  Set<Selector> selectors() {
    return drawers.keySet();
  }

  /** The entries whose selectors are all among these. */
  public List<Entry> matching(Set<Selector> workload) {
    List<Entry> matching = new ArrayList<>();
    for (Selector selector : workload) {
      for (Entry entry : drawer(selector).filed) {
        if (workload.containsAll(entry.selectors())) {
          matching.add(entry);
        }
      }
    }
    return matching;
  }
}
