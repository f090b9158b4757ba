package org.spiredoctor.report;

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

  /** Words behind a beginning, broken where the line ends and continued at {@code indent}. */
  void wrap(String beginning, int indent, String text) {
    out.append(beginning);
    int column = indent;
    boolean first = true;
    for (String word : text.split(" ", -1)) {
      if (!first && column + 1 + word.length() > style.width()) {
        out.append('\n').repeat(' ', indent);
        column = indent;
      } else if (!first) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += word.length();
      first = false;
    }
    out.append('\n');
  }
}
