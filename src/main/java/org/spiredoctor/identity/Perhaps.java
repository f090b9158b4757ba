package org.spiredoctor.identity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the entries that match a workload as far as it shows: what is missing are selectors that
 * only the agent sees.
 */
final class Perhaps {
  private final Attestors attestors;
  private final EntryIndex bySeen;
  private final IdentityHashMap<Entry, Entry> whole = new IdentityHashMap<>();

  /** Those of which nothing shows, by parent. */
  private final Map<String, List<Entry>> hidden = new HashMap<>();

  Perhaps(Collection<Entry> entries, Attestors attestors) {
    this.attestors = attestors;
    List<Entry> filed = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.selectors().stream().noneMatch(this::isHidden)) {
        continue;
      }
      Set<Selector> seen =
          entry.selectors().stream().filter(s -> !isHidden(s)).collect(Collectors.toSet());
      if (seen.isEmpty()) {
        hidden.computeIfAbsent(entry.parentId(), _ -> new ArrayList<>()).add(entry);
      } else {
        Entry part = entry.moved(entry.parentId(), seen);
        whole.put(part, entry);
        filed.add(part);
      }
    }
    this.bySeen = new EntryIndex(filed);
  }

  private boolean isHidden(Selector selector) {
    return attestors.of(selector) == Visibility.HIDDEN;
  }

  /** Those of which something shows, and that may match this workload. */
  List<Entry> matching(Set<Selector> workload) {
    return bySeen.matching(workload).stream()
        .map(part -> whole.getOrDefault(part, part))
        .filter(entry -> mayMatch(entry, workload))
        .toList();
  }

  /** Some of those below these parents of which nothing shows, and that may match. */
  List<Entry> hidden(Set<String> parents, Set<Selector> workload) {
    return hidden.entrySet().stream()
        .filter(below -> parents.contains(below.getKey()))
        .flatMap(below -> below.getValue().stream())
        .filter(entry -> mayMatch(entry, workload))
        .limit(5)
        .toList();
  }

  private boolean mayMatch(Entry entry, Set<Selector> workload) {
    return entry.selectors().stream()
        .allMatch(s -> workload.contains(s) || attestors.of(s, workload) == Visibility.HIDDEN);
  }
}
