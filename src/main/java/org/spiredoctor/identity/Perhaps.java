package org.spiredoctor.identity;

import java.util.ArrayList;
import java.util.Comparator;
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
  private final Sight sight;
  private final EntryIndex bySeen;
  private final IdentityHashMap<Entry, Entry> whole = new IdentityHashMap<>();

  /** Those of which nothing shows, by parent. */
  private final Map<String, List<Entry>> hidden = new HashMap<>();

  Perhaps(EntryIndex entries, Sight sight) {
    this.sight = sight;
    List<Entry> having =
        sight.hidden().isEmpty()
            ? List.of()
            : entries.entries().stream()
                .filter(entry -> entry.selectors().stream().anyMatch(sight::isHidden))
                .toList();
    for (Entry entry : having) {
      Set<Selector> seen =
          entry.selectors().stream().filter(s -> !sight.isHidden(s)).collect(Collectors.toSet());
      if (seen.isEmpty()) {
        hidden.computeIfAbsent(entry.parentId(), _ -> new ArrayList<>()).add(entry);
      } else {
        whole.put(entry.moved(entry.parentId(), seen), entry);
      }
    }
    this.bySeen = new EntryIndex(whole.keySet());
  }

  /** Those of which something shows, and that may match this workload. */
  List<Entry> matching(Set<Selector> workload) {
    return bySeen.matching(workload).stream()
        .map(part -> whole.getOrDefault(part, part))
        .filter(entry -> mayMatch(entry, workload))
        // Their order must not depend on how they are held.
        .sorted(Comparator.comparing(Entry::id))
        .toList();
  }

  /** Some of those below these parents of which nothing shows, and that may match. */
  List<Entry> hidden(Set<String> parents, Set<Selector> workload) {
    return hidden.entrySet().stream()
        .filter(below -> parents.contains(below.getKey()))
        .flatMap(below -> below.getValue().stream())
        .filter(entry -> mayMatch(entry, workload))
        .sorted(Comparator.comparing(Entry::id))
        .limit(5)
        .toList();
  }

  private boolean mayMatch(Entry entry, Set<Selector> workload) {
    return entry.selectors().stream()
        .allMatch(s -> workload.contains(s) || sight.of(s, workload) == Visibility.HIDDEN);
  }
}
