package org.spiredoctor.diagnosis;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Every rule there is. A rule announces itself with {@code @AutoService(Rule.class)}; the list is
 * made once, in a native image at build time.
 */
public final class Rules {

  private static final List<Rule> ALL =
      ServiceLoader.load(Rule.class, Rules.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .sorted(Comparator.comparing(Rule::id))
          .toList();

  private Rules() {}

  /** All of them, by id. */
  public static List<Rule> all() {
    return ALL;
  }

  /** The rule of an id. */
  public static Optional<Rule> byId(String id) {
    return ALL.stream().filter(rule -> rule.id().equals(id)).findFirst();
  }
}
