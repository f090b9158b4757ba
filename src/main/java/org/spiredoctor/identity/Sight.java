package org.spiredoctor.identity;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What of the entries' selectors shows from outside; most of them do, so only others are held. */
final class Sight {
  /** All selectors of a workload are known. */
  static final Sight FULL = new Sight(new EntryIndex(List.of()), Attestors.UNKNOWN);

  private final Attestors attestors;
  private final Map<Selector, Visibility> unusual = new HashMap<>();

  Sight(EntryIndex entries, Attestors attestors) {
    this.attestors = attestors;
    for (Selector selector : entries.selectors()) {
      Visibility visibility = attestors.of(selector);
      if (visibility != Visibility.SEEN) {
        unusual.put(selector, visibility);
      }
    }
  }

  /** Whether it shows that a workload lacks a selector of an entry. */
  Visibility of(Selector selector, Set<Selector> workload) {
    Visibility visibility = unusual.getOrDefault(selector, Visibility.SEEN);
    return visibility == Visibility.HIDDEN ? attestors.of(selector, workload) : visibility;
  }

  /** Whether it shows of no workload. */
  boolean isHidden(Selector selector) {
    return unusual.get(selector) == Visibility.HIDDEN;
  }

  /** The selectors of entries that may be hidden. */
  List<Selector> hidden() {
    return unusual.keySet().stream().filter(this::isHidden).toList();
  }
}
