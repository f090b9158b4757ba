package org.spiredoctor.evidence.cluster;

import java.util.function.IntUnaryOperator;

/**
 * A word or quoted text in a line of a log; read by hand, since lines may be of any length.
 *
 * @param value without quotes and escapes
 * @param end where its closing quote is, or what follows it where it has none
 */
record LogWord(String value, int end) {

  /**
   * Reads a text in double quotes, or what there is of it where it does not end.
   *
   * @param from what follows the opening quote
   * @param escaped what a character means that follows a backslash
   */
  static LogWord quoted(String line, int from, IntUnaryOperator escaped) {
    StringBuilder value = new StringBuilder();
    int at = from;
    while (at < line.length() && line.charAt(at) != '"') {
      char c = line.charAt(at);
      if (c == '\\' && at + 1 < line.length()) {
        at++;
        c = (char) escaped.applyAsInt(line.charAt(at));
      }
      value.append(c);
      at++;
    }
    return new LogWord(value.toString(), at);
  }
}
