package org.spiredoctor.kube;

/** The classes of characters by which secrets are recognized. */
final class Chars {
  private Chars() {}

  static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isAlphanumeric(char c) {
    return isLower(c) || isUpper(c) || isDigit(c);
  }

  /** Base64 in both alphabets. */
  static boolean isBase64(char c) {
    return isAlphanumeric(c) || c == '+' || c == '/' || c == '=' || c == '_' || c == '-';
  }

  /** What tokens are written in: Base64, and the dots of JSON Web Tokens. */
  static boolean isTokenChar(char c) {
    return isBase64(c) || c == '.' || c == '~';
  }

  /** What names of settings are written in. */
  static boolean isKeyChar(char c) {
    return isAlphanumeric(c) || c == '_' || c == '-' || c == '.';
  }

  /** Behind the name of a setting that begins here, or at the limit. */
  static int endOfKey(String text, int from, int limit) {
    int at = from;
    while (at < limit && isKeyChar(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** Behind the token that begins here. */
  static int endOfToken(String text, int from) {
    int at = from;
    while (at < text.length() && isTokenChar(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** Behind blanks. */
  static int afterBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** Tabs, and blanks of any width in any script. */
  static boolean isBlank(char c) {
    return c == ' '
        || c == '\t'
        || (c > '~'
            && (Character.isSpaceChar(c) || c == '\u0085' || c == '\u200B' || c == '\uFEFF'));
  }

  /** What ends words: whatever the gate takes for a blank ends a word, too. */
  static boolean isSpace(char c) {
    return isBlank(c) || Character.isWhitespace(c);
  }

  static boolean isQuote(char c) {
    return c == '"' || c == '\'' || c == '`';
  }

  static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }

  static int afterBackslashes(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == '\\') {
      at++;
    }
    return at;
  }

  /**
   * Behind a line end in writing, {@code \\n}, however often it is escaped; where none is, here.
   */
  static int afterEscapedLineEnd(String text, int from) {
    int at = afterBackslashes(text, from);
    boolean escaped =
        at > from && at < text.length() && (text.charAt(at) == 'n' || text.charAt(at) == 'r');
    return escaped ? at + 1 : from;
  }

  /** Where the line ends in which this is. */
  static int endOfLine(String text, int from) {
    int at = from;
    while (at < text.length() && !isLineEnd(text.charAt(at))) {
      at++;
    }
    return at;
  }
}
