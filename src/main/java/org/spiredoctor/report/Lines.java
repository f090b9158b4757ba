package org.spiredoctor.report;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.spiredoctor.report.Style.Colour;

/**
 * The lines of a report for people: indented, labelled, and broken where they would be too long.
 */
final class Lines {
  private static final String INDENT = "    ";
  private static final String UNDER_LABEL = " ".repeat(11);

  private final Style style;
  private final StringBuilder out = new StringBuilder();

  Lines(Style style) {
    this.style = style;
  }

  @Override
  public String toString() {
    return out.toString();
  }

  /** How many there are. */
  long count() {
    return out.chars().filter(c -> c == '\n').count();
  }

  /** Prints what there is room for, the first in any case; returns the rest. */
  <T> List<T> fit(List<T> blocks, long room, Consumer<T> print) {
    long most = count() + room;
    for (int at = 0; at < blocks.size(); at++) {
      int end = out.length();
      print.accept(blocks.get(at));
      if (at > 0 && count() > most) {
        out.setLength(end);
        return blocks.subList(at, blocks.size());
      }
    }
    return List.of();
  }

  void empty() {
    out.append('\n');
  }

  void line(String text) {
    out.append(text).append('\n');
  }

  void paragraph(String text) {
    wrap(INDENT, INDENT.length(), text);
  }

  void labelled(String label, String text) {
    wrap(
        INDENT + style.paint(Colour.FAINT, String.format("%-6s", label)) + " ",
        UNDER_LABEL.length(),
        text);
  }

  /** Lines under a label, as they are. */
  void copied(String text) {
    text.lines().map(Untrusted::harmless).forEach(line -> line(UNDER_LABEL + line));
  }

  /** A command under a label; a long one over several lines. One with a here-document stays. */
  void command(String text) {
    if (text.lines().count() == 1) {
      WrappedCommand.of(Untrusted.harmless(text), style.width() - UNDER_LABEL.length())
          .forEach(line -> line(UNDER_LABEL + line));
    } else {
      copied(text);
    }
  }

  /** A beginning, which takes so many columns, and words in a colour behind it. */
  void heading(String beginning, int columns, Colour colour, String text) {
    append(
        beginning,
        INDENT.length(),
        broken(text, columns, INDENT.length()).stream()
            .map(line -> style.paint(colour, line))
            .toList());
  }

  /** The same on one line, which ends where there is no more room. */
  void brief(String beginning, int columns, Colour colour, String text) {
    int room = Math.max(1, style.width() - columns);
    String shown =
        text.codePointCount(0, text.length()) > room
            ? text.substring(0, text.offsetByCodePoints(0, room - 1)) + "…"
            : text;
    line(beginning + style.paint(colour, shown));
  }

  /** Words behind a beginning, broken where the line ends and continued at {@code indent}. */
  void wrap(String beginning, int indent, String text) {
    append(beginning, indent, broken(text, indent, indent));
  }

  private void append(String beginning, int indent, List<String> lines) {
    out.append(beginning).append(String.join("\n" + " ".repeat(indent), lines)).append('\n');
  }

  private List<String> broken(String text, int column, int indent) {
    List<String> lines = new ArrayList<>();
    StringJoiner line = new StringJoiner(" ");
    int from = column;
    for (String word : text.split(" ", -1)) {
      boolean first = lines.isEmpty() && line.length() == 0;
      if (!first && from + line.length() + 1 + word.length() > style.width()) {
        lines.add(line.toString());
        line = new StringJoiner(" ");
        from = indent;
      }
      line.add(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
