package org.spiredoctor.report;

/**
 * How text may look.
 *
 * @param colour whether to use ANSI colours
 * @param unicode whether to use characters beyond ASCII
 * @param width of a line, in characters
 */
public record Style(boolean colour, boolean unicode, int width) {

  /** The colours in use. */
  public enum Colour {
    RED(31),
    GREEN(32),
    YELLOW(33),
    FAINT(2);

    private final int code;

    Colour(int code) {
      this.code = code;
    }
  }

  /** The text in a colour, where colours are used. */
  public String paint(Colour with, String text) {
    return colour ? "\u001b[" + with.code + "m" + text + "\u001b[0m" : text;
  }

  /** The text with our own glyphs in ASCII, where no others can be shown. */
  public String plain(String text) {
    return unicode
        ? text
        : text.replace("✅", "[ok]")
            .replace("❌", "[failed]")
            .replace("ℹ️ ", "[info]")
            .replace("⚠️ ", "[warning]")
            .replace("✓", "+")
            .replace("✗", "x")
            .replace("…", "...")
            .replace("—", "-")
            .replace("→", "->");
  }
}
