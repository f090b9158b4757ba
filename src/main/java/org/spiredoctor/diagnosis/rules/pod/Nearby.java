package org.spiredoctor.diagnosis.rules.pod;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.identity.Typos;

/** The name that was probably meant. */
final class Nearby {
  private Nearby() {}

  /** One that goes on from the name, as a deployment's pods do, or differs in few letters. */
  static Optional<String> name(String wanted, Stream<String> names) {
    int most = Math.max(1, wanted.length() / 4);
    return names
        .filter(name -> distance(wanted, name, most) <= most)
        .min(
            Comparator.comparingInt((String name) -> distance(wanted, name, most))
                .thenComparing(n -> n));
  }

  private static int distance(String wanted, String name, int most) {
    return name.startsWith(wanted + "-") || wanted.startsWith(name + "-")
        ? 0
        : Typos.distance(wanted, name, most);
  }
}
