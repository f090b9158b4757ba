package org.spiredoctor.identity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.identity.Difference.Likeness;

/**
 * Finds the entry that was probably meant for a workload that no entry matches. Not for several
 * threads at once.
 */
public final class NearestEntries {
  private final EntryIndex index;
  private final Sight sight;
  private final Map<Selector, List<Selector>> slips = new HashMap<>();
  private @Nullable Map<String, Map<String, List<Value>>> bySubjectAndDigits;

  /** A selector of some entry, made ready to be compared with many others. */
  private record Value(Selector selector, int length, long letters) {
    static Value of(Selector selector, String object) {
      return new Value(selector, object.length(), EditDistance.letters(object));
    }

    boolean isSlipOf(Value other) {
      int most = Misspelling.allowed(length, other.length);
      return Math.abs(length - other.length) <= most
          && EditDistance.mayBeWithin(most, letters, other.letters)
          && Misspelling.isSlip(selector.object(), other.selector.object());
    }
  }

  /**
   * An entry and what keeps it from matching.
   *
   * @param cost the lower, the nearer
   */
  public record Candidate(Entry entry, List<Difference> differences, int cost) {
    /** What shows, and keeps it away. */
    public List<Difference> showing() {
      return differences.stream().filter(Difference::shows).toList();
    }

    /** Whether slips of the pen are all that keeps it away. */
    public boolean onlyTypos() {
      return showing().stream().allMatch(d -> d.likeness() == Likeness.TYPO);
    }

    /** Whether only selectors of these subjects keep it away. */
    public boolean onlyOf(Collection<String> subjects) {
      return showing().stream().allMatch(d -> subjects.contains(d.wanted().subject()));
    }
  }

  /** Among the entries of this index, for workloads of which these attestors tell. */
  public NearestEntries(EntryIndex index, Attestors attestors) {
    this(index, new Sight(index, attestors));
  }

  NearestEntries(EntryIndex index, Sight sight) {
    this.index = index;
    this.sight = sight;
  }

  /** The selectors of entries, filed when they are asked for: where all is well nobody does. */
  private Map<String, Map<String, List<Value>>> bySubjectAndDigits() {
    Map<String, Map<String, List<Value>>> known = bySubjectAndDigits;
    if (known == null) {
      known = new HashMap<>();
      for (Selector selector : index.selectors()) {
        // Nobody writes these by hand.
        if (!isUid(selector)) {
          String object = selector.object();
          known
              .computeIfAbsent(selector.subject(), _ -> new HashMap<>())
              .computeIfAbsent(Misspelling.digits(object), _ -> new ArrayList<>(1))
              .add(Value.of(selector, object));
        }
      }
      bySubjectAndDigits = known;
    }
    return known;
  }

  private static boolean isUid(Selector selector) {
    return selector.value().startsWith("pod-uid:") || selector.value().startsWith("pod-owner-uid:");
  }

  /** The candidates for a workload, the nearest first; at most a few. */
  public List<Candidate> to(Set<Selector> selectors) {
    Comparison workload = new Comparison(selectors, sight);
    Set<Selector> slips = new HashSet<>();
    selectors.forEach(has -> slips.addAll(slipsOf(has)));
    Set<Entry> near = Collections.newSetFromMap(new IdentityHashMap<>());
    selectors.forEach(has -> near.addAll(index.having(has)));
    slips.forEach(wanted -> near.addAll(index.having(wanted)));
    return near.stream()
        .filter(entry -> workload.mayBeMeant(entry, slips))
        .map(workload::candidate)
        .filter(Comparison::isPlausible)
        .sorted(Comparator.comparingInt(Candidate::cost).thenComparing(c -> c.entry().id()))
        .limit(5)
        .toList();
  }

  /** The selectors of entries that differ from this one by a slip of the pen in their value. */
  private List<Selector> slipsOf(Selector selector) {
    return slips.computeIfAbsent(
        selector,
        _ -> {
          String object = selector.object();
          Value has = Value.of(selector, object);
          return comparable(selector.subject(), Misspelling.digits(object))
              .filter(has::isSlipOf)
              .map(Value::selector)
              .toList();
        });
  }

  /** Numbered names differ in their numbers: such a one is compared with few others. */
  private Stream<Value> comparable(String subject, String digits) {
    Map<String, List<Value>> byDigits = bySubjectAndDigits().getOrDefault(subject, Map.of());
    return (digits.isEmpty()
            ? byDigits.values().stream()
            : Stream.of(digits, "").map(d -> byDigits.getOrDefault(d, List.of())))
        .flatMap(List::stream);
  }

  /** What keeps an entry from a workload. */
  Candidate candidateFor(Entry entry, Set<Selector> workload) {
    return new Comparison(workload, sight).candidate(entry);
  }

  /** What keeps an entry from one whose selectors are all known. */
  public static Candidate candidate(Entry entry, Set<Selector> known) {
    return new Comparison(known, Sight.FULL).candidate(entry);
  }
}
