package org.spiredoctor.identity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
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
  private final Map<Selector, List<Entry>> byRarest = new HashMap<>();
  private final Map<Selector, Integer> frequency = new HashMap<>();

  /** Of these entries; the time it takes grows with the number of their selectors. */
  public EntryIndex(Collection<Entry> entries) {
    for (Entry entry : entries) {
      entry.selectors().forEach(selector -> frequency.merge(selector, 1, Integer::sum));
    }
    for (Entry entry : entries) {
      entry.selectors().stream()
          .min(Comparator.comparingInt(this::frequency))
          .ifPresent(rarest -> byRarest.computeIfAbsent(rarest, _ -> new ArrayList<>()).add(entry));
    }
  }

  /** How many entries have this selector. */
  public int frequency(Selector selector) {
    return frequency.getOrDefault(selector, 0);
  }

  /** The entries whose selectors are all among these. */
  public List<Entry> matching(Set<Selector> workload) {
    List<Entry> matching = new ArrayList<>();
    for (Selector selector : workload) {
      for (Entry entry : byRarest.getOrDefault(selector, List.of())) {
        if (workload.containsAll(entry.selectors())) {
          matching.add(entry);
        }
      }
    }
    return matching;
  }
}
