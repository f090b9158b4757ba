package org.spiredoctor.registration;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.spiredoctor.identity.Typos;

/** Finds the name that was probably meant. */
final class Slip {
  /** A distance of another spelling of the same words. */
  private static final int SPELLING = 0;

  private Slip() {}

  /** The nearest of these names, where one is near. */
  static Optional<String> meant(String word, Collection<String> names) {
    return names.stream()
        .filter(name -> distance(word, name) <= most(word, name))
        .min(Comparator.comparingInt(name -> distance(word, name)));
  }

  private static int most(String word, String name) {
    return Math.clamp(Math.max(word.length(), name.length()) / 3, 1, 3);
  }

  /**
   * Of {@code spiffe_id}, {@code SpiffeId} and {@code spiffeID} each may be meant by the others.
   */
  private static int distance(String word, String name) {
    return plain(word).equals(plain(name))
        ? SPELLING
        : Math.max(1, Typos.distance(word, name, most(word, name)));
  }

  private static String plain(String name) {
    return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
  }
}
