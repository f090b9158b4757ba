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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.identity.Difference.Likeness;

/**
 * Finds the entry that was probably meant for a workload that no entry matches. Not for several
 * threads at once.
 */
public final class Nearest {
  /** A selector that more entries have than this tells nothing of which is meant. */
  private static final int COMMON = 2000;

  private final EntryIndex index;
  private final Map<String, List<Value>> bySubject = new HashMap<>();
  private final Map<Selector, List<Selector>> slips = new HashMap<>();

  /** A selector of some entry, made ready to be compared with many others. */
  private record Value(Selector selector, String object, int length, long letters) {
    static Value of(Selector selector) {
      String object = selector.object();
      return new Value(selector, object, object.length(), Typos.letters(object));
    }

    boolean isSlipOf(Value other) {
      int most = slipsAllowed(length, other.length);
      return Math.abs(length - other.length) <= most
          && Typos.mayBeWithin(most, letters, other.letters)
          && isTypo(object, other.object);
    }
  }

  /**
   * An entry and what keeps it from matching.
   *
   * @param cost the lower, the nearer
   */
  public record Candidate(Entry entry, List<Difference> differences, int cost) {
    /** Whether slips of the pen are all that keeps it away. */
    public boolean onlyTypos() {
      return differences.stream().allMatch(d -> d.likeness() == Likeness.TYPO);
    }

    /** Whether only selectors of these subjects keep it away. */
    public boolean onlyOf(Collection<String> subjects) {
      return differences.stream().allMatch(d -> subjects.contains(d.wanted().subject()));
    }
  }

  /** Among the entries of this index. */
  public Nearest(EntryIndex index) {
    this.index = index;
    for (Selector selector : index.selectors()) {
      // Nobody writes these by hand.
      if (!isUid(selector)) {
        bySubject
            .computeIfAbsent(selector.subject(), _ -> new ArrayList<>())
            .add(Value.of(selector));
      }
    }
  }

  private static boolean isUid(Selector selector) {
    return selector.value().startsWith("pod-uid:") || selector.value().startsWith("pod-owner-uid:");
  }

  /** The candidates for a workload, the nearest first; at most a few. */
  public List<Candidate> to(Set<Selector> selectors) {
    Workload workload = new Workload(selectors);
    Set<Selector> slips = new HashSet<>();
    selectors.forEach(has -> slips.addAll(slipsOf(has)));
    Set<Entry> near = Collections.newSetFromMap(new IdentityHashMap<>());
    selectors.forEach(has -> add(near, has));
    slips.forEach(wanted -> add(near, wanted));
    return near.stream()
        .filter(entry -> workload.mayBeMeant(entry, slips))
        .map(workload::candidate)
        .filter(Nearest::isPlausible)
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
          return bySubject.getOrDefault(selector.subject(), List.of()).stream()
              .filter(has::isSlipOf)
              .map(Value::selector)
              .toList();
        });
  }

  /** What keeps an entry from a workload. */
  public static Candidate candidate(Entry entry, Set<Selector> workload) {
    return new Workload(workload).candidate(entry);
  }

  /** A workload to which entries are compared. */
  private record Workload(Set<Selector> selectors, Map<String, List<Selector>> bySubject) {
    Workload(Set<Selector> selectors) {
      this(selectors, selectors.stream().collect(Collectors.groupingBy(Selector::subject)));
    }

    /** Whether it may be plausible: much cheaper than to tell all differences. */
    boolean mayBeMeant(Entry entry, Set<Selector> slips) {
      int missing = 0;
      boolean onlySlips = true;
      for (Selector wanted : entry.selectors()) {
        if (!selectors.contains(wanted)) {
          missing++;
          onlySlips =
              onlySlips && (slips.contains(wanted) || !bySubject.containsKey(wanted.subject()));
        }
      }
      return onlySlips || outweighed(missing, entry);
    }

    Candidate candidate(Entry entry) {
      List<Difference> differences = missing(entry).sorted().map(this::difference).toList();
      int cost = differences.stream().mapToInt(d -> cost(d.likeness())).sum();
      return new Candidate(entry, differences, cost * 10 - entry.selectors().size());
    }

    private Stream<Selector> missing(Entry entry) {
      return entry.selectors().stream().filter(selector -> !selectors.contains(selector));
    }

    private Difference difference(Selector wanted) {
      String object = wanted.object();
      Optional<Selector> sameSubject =
          bySubject.getOrDefault(wanted.subject(), List.of()).stream()
              .min(Comparator.comparingInt(has -> distance(has.object(), object)));
      if (sameSubject.isPresent()) {
        boolean typo = isTypo(object, sameSubject.get().object());
        return new Difference(wanted, sameSubject, typo ? Likeness.TYPO : Likeness.OTHER_VALUE);
      }
      String text = wanted.toString();
      Optional<Selector> alike =
          selectors.stream().filter(has -> isTypo(text, has.toString())).findFirst();
      return new Difference(wanted, alike, alike.isPresent() ? Likeness.TYPO : Likeness.ABSENT);
    }

    private static int cost(Likeness likeness) {
      return switch (likeness) {
        case TYPO -> 1;
        case OTHER_VALUE -> 3;
        case ABSENT -> 4;
      };
    }
  }

  /** Half of it fits, or slips of the pen are all that keeps it away. */
  private static boolean isPlausible(Candidate candidate) {
    return candidate.onlyTypos() || outweighed(candidate.differences().size(), candidate.entry());
  }

  private static boolean outweighed(int missing, Entry entry) {
    return missing <= 2 && entry.selectors().size() - missing >= missing;
  }

  private static int distance(String one, String other) {
    return Typos.distance(one, other, Math.max(one.length(), other.length()));
  }

  private static int slipsAllowed(int length, int otherLength) {
    return Math.clamp(Math.max(length, otherLength) / 4, 1, 3);
  }

  private static boolean isTypo(String one, String other) {
    int allowed = slipsAllowed(one.length(), other.length());
    return !one.equals(other)
        && Typos.distance(one, other, allowed) <= allowed
        && !otherNumbers(one, other);
  }

  /** Whether they differ in a number: {@code web-1} and {@code web-2} are two things. */
  private static boolean otherNumbers(String one, String other) {
    String digits = digits(one);
    String otherDigits = digits(other);
    boolean numbers = digits.equals(one) || otherDigits.equals(other);
    return numbers || (!digits.isEmpty() && !otherDigits.isEmpty() && !digits.equals(otherDigits));
  }

  private static String digits(String text) {
    return text.chars()
        .filter(Character::isDigit)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
