package org.spiredoctor.report;

/** Text from outside: labels, logs, statuses. */
public final class Untrusted {

  /** More of one quotation helps nobody. */
  private static final int LONGEST = 500;

  private Untrusted() {}

  /** As {@link #harmless}, and not too long. */
  public static String clean(String text) {
    String clean = harmless(text);
    return clean.codePointCount(0, clean.length()) > LONGEST
        ? clean.substring(0, clean.offsetByCodePoints(0, LONGEST)) + "…"
        : clean;
  }

  /**
   * Without control characters (an escape sequence could rewrite the screen) and without those that
   * turn the direction of writing around; on one line.
   */
  public static String harmless(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> clean.appendCodePoint(harmless(c) ? c : Character.isWhitespace(c) ? ' ' : '?'));
    return clean.toString();
  }

  private static boolean harmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
