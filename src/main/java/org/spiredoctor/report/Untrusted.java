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
    text.codePoints().forEach(c -> clean.appendCodePoint(shown(c)));
    return clean.toString();
  }

  /** As {@link #harmless}, line by line; the ends of lines stay. */
  public static String block(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> clean.appendCodePoint(c == '\n' ? c : shown(c)));
    return clean.toString();
  }

  /**
   * A line of a program's output, as {@link #harmless}, but with its tabs and without the sequences
   * that colour a terminal, name its window or move its cursor. What was written over with a
   * carriage return stays, behind a space.
   */
  public static String logLine(String line) {
    StringBuilder clean = new StringBuilder();
    int returns = 0;
    int at = 0;
    while (at < line.length()) {
      int end = EscapeSequences.end(line, at);
      if (end > at) {
        at = end;
        continue;
      }
      int c = line.codePointAt(at);
      at += Character.charCount(c);
      if (c == '\r') {
        returns++;
      } else {
        // Those at the end are part of the end of the line.
        clean.repeat(' ', returns);
        returns = 0;
        clean.appendCodePoint(c == '\t' ? c : shown(c));
      }
    }
    return clean.toString();
  }

  private static int shown(int c) {
    return harmless(c) ? c : Character.isWhitespace(c) ? ' ' : '?';
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
