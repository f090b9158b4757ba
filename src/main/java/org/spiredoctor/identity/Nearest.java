package org.spiredoctor.identity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.spiredoctor.identity.Difference.Likeness;

/** Finds the entry that was probably meant for a workload that no entry matches. */
public final class Nearest {
  /** A selector that more entries have than this tells nothing of which is meant. */
  private static final int COMMON = 2000;

  /** More values of one subject than these are not compared letter by letter. */
  private static final int COMPARED = 5000;

  /** More than any two values of one subject differ in. */
  private static final int LONG = 1000;

  private final Map<Selector, List<Entry>> bySelector = new HashMap<>();
  private final Map<String, Set<Selector>> bySubject = new HashMap<>();

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

  /** Among these entries. */
  public Nearest(Collection<Entry> entries) {
    for (Entry entry : entries) {
      for (Selector selector : entry.selectors()) {
        bySelector.computeIfAbsent(selector, _ -> new ArrayList<>()).add(entry);
      }
    }
    bySelector
        .keySet()
        .forEach(s -> bySubject.computeIfAbsent(s.subject(), _ -> new TreeSet<>()).add(s));
  }

  /** The candidates for a workload, the nearest first; at most a few. */
  public List<Candidate> to(Set<Selector> workload) {
    Set<Entry> near = new LinkedHashSet<>();
    for (Selector has : workload) {
      add(near, has);
      bySubject.getOrDefault(has.subject(), Set.of()).stream()
          .limit(COMPARED)
          .filter(wanted -> isTypo(wanted.object(), has.object()))
          .forEach(wanted -> add(near, wanted));
    }
    return near.stream()
        .map(entry -> candidate(entry, workload))
        .filter(candidate -> plausible(candidate, workload))
        .sorted(Comparator.comparingInt(Candidate::cost).thenComparing(c -> c.entry().id()))
        .limit(5)
        .toList();
  }

  private void add(Set<Entry> near, Selector selector) {
    List<Entry> having = bySelector.getOrDefault(selector, List.of());
    if (having.size() <= COMMON) {
      near.addAll(having);
    }
  }

  /** What keeps an entry from a workload. */
  public static Candidate candidate(Entry entry, Set<Selector> workload) {
    List<Difference> differences =
        entry.selectors().stream()
            .filter(selector -> !workload.contains(selector))
            .sorted()
            .map(selector -> difference(selector, workload))
            .toList();
    int cost = differences.stream().mapToInt(d -> cost(d.likeness())).sum();
    return new Candidate(entry, differences, cost * 10 - entry.selectors().size());
  }

  private static int cost(Likeness likeness) {
    return switch (likeness) {
      case TYPO -> 1;
      case OTHER_VALUE -> 3;
      case ABSENT -> 4;
    };
  }

  private static Difference difference(Selector wanted, Set<Selector> workload) {
    Optional<Selector> sameSubject =
        workload.stream()
            .filter(has -> has.subject().equals(wanted.subject()))
            .min(
                Comparator.comparingInt(
                    has -> Typos.distance(has.object(), wanted.object(), LONG)));
    if (sameSubject.isPresent()) {
      boolean typo = isTypo(wanted.object(), sameSubject.get().object());
      return new Difference(wanted, sameSubject, typo ? Likeness.TYPO : Likeness.OTHER_VALUE);
    }
    Optional<Selector> alike =
        workload.stream().filter(has -> isTypo(wanted.toString(), has.toString())).findFirst();
    return new Difference(wanted, alike, alike.isPresent() ? Likeness.TYPO : Likeness.ABSENT);
  }

  /** Half of it fits, or slips of the pen are all that keeps it away. */
  private static boolean plausible(Candidate candidate, Set<Selector> workload) {
    int missing = candidate.differences().size();
    int fitting = candidate.entry().selectors().size() - missing;
    return !workload.isEmpty() && (candidate.onlyTypos() || (missing <= 2 && fitting >= missing));
  }

  private static boolean isTypo(String one, String other) {
    int allowed = Math.clamp(Math.max(one.length(), other.length()) / 4, 1, 3);
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
