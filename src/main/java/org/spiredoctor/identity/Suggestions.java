package org.spiredoctor.identity;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What was probably meant by a name that does not exist: "did you mean …?". */
public final class Suggestions {
  private Suggestions() {}

  /**
   * The nearest of these names: the same words in another spelling ({@code spiffe_id}, {@code
   * spiffeID}), one that goes on from the other, as the names of a Deployment's pods do, or one
   * that differs in no more than a third of its letters, and in no more than three. Empty if there
   * is none.
   */
  public static Optional<String> nearest(String word, Collection<String> names) {
    return names.stream()
        .filter(name -> distance(word, name) <= most(word, name))
        .min(
            Comparator.comparingInt((String name) -> distance(word, name))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static int most(String word, String name) {
    return Math.clamp(Math.max(word.length(), name.length()) / 3, 1, 3);
  }

  private static int distance(String word, String name) {
    if (plain(word).equals(plain(name))) {
      return 0;
    }
    boolean goesOn =
        !word.isEmpty() && (name.startsWith(word + "-") || word.startsWith(name + "-"));
    return goesOn ? 1 : Math.max(1, EditDistance.of(word, name, most(word, name)));
  }

  private static String plain(String name) {
    return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
  }
}
