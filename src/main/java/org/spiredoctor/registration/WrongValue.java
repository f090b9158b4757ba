package org.spiredoctor.registration;

/** A value that cannot be what its field wants. */
final class WrongValue extends Exception {
  /** Longer quotations help nobody, and files are not to be trusted. */
  private static final int LONGEST = 100;

  private final String text;

  WrongValue(String text) {
    // Thousands may be wrong in one file: without stack traces.
    super(text, null, false, false);
    this.text = text;
  }

  /** What is wrong, and what would be right. */
  String text() {
    return text;
  }

  /** {@code 'text'}, not too long. */
  static String quote(String text) {
    return "'" + shortened(text) + "'";
  }

  /** The beginning of it. */
  static String shortened(String text) {
    return text.codePointCount(0, text.length()) > LONGEST
        ? text.substring(0, text.offsetByCodePoints(0, LONGEST - 1)) + "…"
        : text;
  }
}
