package org.spiredoctor.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A command over several lines, each but the last with a backslash at its end: pasted it is the
 * same command. It is broken where a reader would: before a flag, a pipe or {@code &&}, and never
 * within quotes.
 */
final class WrappedCommand {
  private static final String NEXT = "  ";
  private static final String END = " \\";

  private WrappedCommand() {}

  /**
   * The lines.
   *
   * @param line without line breaks of its own
   * @param width that a line should have; a part that cannot be broken may be longer
   */
  static List<String> of(String line, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    for (String part : parts(line)) {
      boolean fits = current.length() + 1 + part.length() + END.length() <= width;
      if (!current.isEmpty() && !fits) {
        lines.add(current + END);
        current.setLength(0);
        current.append(NEXT).append(part);
      } else {
        current.append(current.isEmpty() ? "" : " ").append(part);
      }
    }
    lines.add(current.toString());
    return List.copyOf(lines);
  }

  /** What is not broken: a word with the words that follow it, up to the next flag or operator. */
  private static List<String> parts(String line) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && quote != '\'') {
        i++;
      } else if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == ' ' && i > from && opens(line, i + 1)) {
        parts.add(line.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(line.substring(from));
    return parts;
  }

  private static boolean isAlone(String line, int end) {
    return end == line.length() || line.charAt(end) == ' ';
  }

  /** Whether a flag or an operator begins here; a lone hyphen is a file. */
  private static boolean opens(String line, int at) {
    return line.startsWith("| ", at)
        || line.startsWith("&& ", at)
        || (line.startsWith("-", at) && !isAlone(line, at + 1) && !line.startsWith("-- ", at));
  }
}
