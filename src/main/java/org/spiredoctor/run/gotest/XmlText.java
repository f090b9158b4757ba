package org.spiredoctor.run.gotest;

/** Text in a document of XML 1.0. */
final class XmlText {
  private static final int REPLACEMENT = 0xfffd;

  private XmlText() {}

  /**
   * Of an element or of an attribute. Ends of lines and tabs are read back as they were; what XML
   * has no way to write, and what controls how text is shown, becomes U+FFFD.
   */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\t', '\n', '\r' -> escaped.append("&#").append(c).append(';');
                default -> escaped.appendCodePoint(isAllowed(c) ? c : REPLACEMENT);
              }
            });
    return escaped.toString();
  }

  private static boolean isAllowed(int c) {
    boolean writable = (c >= 0x20 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
    return writable
        && switch (Character.getType(c)) {
          // Among them those that turn the direction of the text that is shown around them.
          case Character.CONTROL,
              Character.FORMAT,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              false;
          default -> true;
        };
  }
}
