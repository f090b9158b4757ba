package org.spiredoctor.run;

import java.util.Optional;

/** A stage failed for good. */
final class BrokenException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Optional<String> container;
  private final String hint;

  BrokenException(String why) {
    this(why, Optional.empty(), "");
  }

  BrokenException(String why, Optional<String> container, String hint) {
    super(why);
    this.container = container;
    this.hint = hint;
  }

  String why() {
    return String.valueOf(getMessage());
  }

  Optional<String> container() {
    return container;
  }

  String hint() {
    return hint;
  }
}
