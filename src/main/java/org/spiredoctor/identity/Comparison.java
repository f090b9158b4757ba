package org.spiredoctor.identity;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.identity.Difference.Likeness;
import org.spiredoctor.identity.NearestEntries.Candidate;

/** A workload to which entries are compared. */
record Comparison(Set<Selector> selectors, Map<String, List<Selector>> bySubject, Sight sight) {
  Comparison(Set<Selector> selectors, Sight sight) {
    this(selectors, selectors.stream().collect(Collectors.groupingBy(Selector::subject)), sight);
  }

  /** Whether it may be plausible: much cheaper than to tell all differences. */
  boolean mayBeMeant(Entry entry, Set<Selector> slips) {
    int missing = 0;
    int fitting = 0;
    boolean onlySlips = true;
    for (Selector wanted : entry.selectors()) {
      if (selectors.contains(wanted)) {
        fitting++;
      } else if (sight.of(wanted, selectors) != Visibility.HIDDEN) {
        missing++;
        onlySlips =
            onlySlips && (slips.contains(wanted) || !bySubject.containsKey(wanted.subject()));
      }
    }
    return onlySlips || outweighed(missing, fitting);
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
    Visibility visibility = sight.of(wanted, selectors);
    if (visibility == Visibility.HIDDEN) {
      return new Difference(wanted, Optional.empty(), Likeness.HIDDEN);
    }
    String object = wanted.object();
    Optional<Selector> sameSubject =
        bySubject.getOrDefault(wanted.subject(), List.of()).stream()
            .min(
                Comparator.comparing((Selector has) -> !ImageSelectors.sameRepository(wanted, has))
                    .thenComparingInt(has -> Misspelling.distance(has.object(), object)));
    if (sameSubject.isPresent()) {
      boolean typo = Misspelling.isSlip(object, sameSubject.get().object());
      return different(wanted, sameSubject, typo);
    }
    String text = wanted.toString();
    Optional<Selector> alike =
        selectors.stream().filter(has -> Misspelling.isSlip(text, has.toString())).findFirst();
    if (alike.isPresent()) {
      return different(wanted, alike, true);
    }
    return new Difference(
        wanted,
        Optional.empty(),
        visibility == Visibility.NEVER ? Likeness.NEVER : Likeness.ABSENT);
  }

  /** By a letter or not, the image of another repository is another image. */
  private static Difference different(Selector wanted, Optional<Selector> instead, boolean typo) {
    Difference slip = new Difference(wanted, instead, Likeness.TYPO);
    return typo && !slip.isOtherImage()
        ? slip
        : new Difference(wanted, instead, Likeness.OTHER_VALUE);
  }

  private static int cost(Likeness likeness) {
    return switch (likeness) {
      case TYPO -> 1;
      case OTHER_VALUE -> 3;
      case ABSENT, NEVER -> 4;
      case HIDDEN -> 0;
    };
  }

  /** Half of it fits, or slips of the pen are all that keeps it away. */
  static boolean isPlausible(Candidate candidate) {
    return candidate.onlyTypos()
        || outweighed(
            candidate.showing().size(),
            candidate.entry().selectors().size() - candidate.differences().size());
  }

  private static boolean outweighed(int missing, int fitting) {
    return missing <= 2 && fitting >= missing;
  }
}
