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
import org.spiredoctor.identity.Difference.Likeness;

/**
 * Finds the entry that was probably meant for a workload that no entry matches. Not for several
 * threads at once.
 */
public final class Nearest {
  /** A selector that more entries have than this tells nothing of which is meant. */
  private static final int COMMON = 100;

  private final EntryIndex index;
  private final Sight sight;
  private final Map<String, Map<String, List<Value>>> bySubjectAndDigits = new HashMap<>();
  private final Map<Selector, List<Selector>> slips = new HashMap<>();

  /** A selector of some entry, made ready to be compared with many others. */
  private record Value(Selector selector, String object, int length, long letters) {
    static Value of(Selector selector) {
      String object = selector.object();
      return new Value(selector, object, object.length(), Typos.letters(object));
    }

    boolean isSlipOf(Value other) {
      int most = Slips.allowed(length, other.length);
      return Math.abs(length - other.length) <= most
          && Typos.mayBeWithin(most, letters, other.letters)
          && Slips.isSlip(object, other.object);
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
  public Nearest(EntryIndex index, Attestors attestors) {
    this(index, new Sight(index, attestors));
  }

  Nearest(EntryIndex index, Sight sight) {
    this.index = index;
    this.sight = sight;
    for (Selector selector : index.selectors()) {
      // Nobody writes these by hand.
      if (!isUid(selector)) {
        Value value = Value.of(selector);
        bySubjectAndDigits
            .computeIfAbsent(selector.subject(), _ -> new HashMap<>())
            .computeIfAbsent(Slips.digits(value.object()), _ -> new ArrayList<>(1))
            .add(value);
      }
    }
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
    selectors.forEach(has -> add(near, has));
    slips.forEach(wanted -> add(near, wanted));
    return near.stream()
        .filter(entry -> workload.mayBeMeant(entry, slips))
        .map(workload::candidate)
        .filter(Comparison::isPlausible)
        .sorted(Comparator.comparingInt(Candidate::cost).thenComparing(c -> c.entry().id()))
        .limit(5)
        .toList();
  }

  private void add(Set<Entry> near, Selector selector) {
    List<Entry> having = index.having(selector);
    if (having.size() <= COMMON) {
      near.addAll(having);
    }
  }

  /** The selectors of entries that differ from this one by a slip of the pen in their value. */
  private List<Selector> slipsOf(Selector selector) {
    return slips.computeIfAbsent(
        selector,
        _ -> {
          Value has = Value.of(selector);
          return comparable(selector.subject(), Slips.digits(has.object()))
              .filter(has::isSlipOf)
              .map(Value::selector)
              .toList();
        });
  }

  /** Numbered names differ in their numbers: such a one is compared with few others. */
  private Stream<Value> comparable(String subject, String digits) {
    Map<String, List<Value>> byDigits = bySubjectAndDigits.getOrDefault(subject, Map.of());
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
