package org.spiredoctor.evidence.cluster;

import java.util.Map;

/** The words and marks of a text in HCL or JSON, without its comments. */
final class HclTokens {
  private static final Map<Character, String> ESCAPES =
      Map.of('n', "\n", 't', "\t", 'r', "\r", 'b', "\b", 'f', "\f");

  private final String text;
  private int at;

  HclTokens(String text) {
    this.text = text;
  }

  /** What comes next. */
  enum Kind {
    /** A string, a heredoc, or a word without quotes. */
    WORD,
    MARK,
    END
  }

  /**
   * A piece of the text.
   *
   * @param text of a word without its quotes and escapes; else the mark
   */
  record Token(Kind kind, String text) {
    static final Token END = new Token(Kind.END, "");

    boolean is(String mark) {
      return kind == Kind.MARK && text.equals(mark);
    }
  }

  Token next() {
    skipSpace();
    if (at >= text.length()) {
      return Token.END;
    }
    char first = text.charAt(at);
    if (first == '"') {
      return new Token(Kind.WORD, string());
    }
    if ("{}[]=:,".indexOf(first) >= 0) {
      at++;
      return new Token(Kind.MARK, String.valueOf(first));
    }
    return new Token(Kind.WORD, text.startsWith("<<", at) ? heredoc() : bare());
  }

  private void skipSpace() {
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (text.charAt(at) == '#' || text.startsWith("//", at)) {
        at = after("\n", at);
      } else if (text.startsWith("/*", at)) {
        at = after("*/", at + 2);
      } else {
        return;
      }
    }
  }

  /** Behind the next of these, or at the end. */
  private int after(String end, int from) {
    int found = text.indexOf(end, from);
    return found < 0 ? text.length() : found + end.length();
  }

  /** One that is not closed ends with its line. */
  private String string() {
    StringBuilder string = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        break;
      }
      if (c == '\n') {
        break;
      }
      if (c == '\\') {
        escape(string);
      } else if (text.startsWith("${", at)) {
        string.append(placeholder());
      } else {
        string.append(c);
      }
    }
    return string.toString();
  }

  /** Leaves the place at its last character. */
  private void escape(StringBuilder into) {
    at++;
    if (at >= text.length()) {
      return;
    }
    char c = text.charAt(at);
    if (c == 'u' && at + 4 < text.length()) {
      try {
        into.append((char) Integer.parseInt(text, at + 1, at + 5, 16));
        at += 4;
        return;
      } catch (NumberFormatException e) {
        // Not four digits: it stays as it is written.
      }
    }
    into.append(ESCAPES.getOrDefault(c, String.valueOf(c)));
  }

  /** Quotes in its braces are its own; leaves the place at its last character. */
  private String placeholder() {
    int begin = at;
    int depth = 0;
    for (at++; at < text.length() && text.charAt(at) != '\n'; at++) {
      if (text.charAt(at) == '{') {
        depth++;
      } else if (text.charAt(at) == '}') {
        depth--;
        if (depth == 0) {
          return text.substring(begin, at + 1);
        }
      }
    }
    at--;
    return text.substring(begin, at + 1);
  }

  private String heredoc() {
    at += 2;
    int lineEnd = after("\n", at);
    String anchor = text.substring(at, lineEnd).strip();
    boolean indented = anchor.startsWith("-");
    String end = indented ? anchor.substring(1) : anchor;
    at = lineEnd;
    int begin = at;
    while (at < text.length()) {
      int line = at;
      at = after("\n", at);
      if (text.substring(line, at).strip().equals(end)) {
        String all = text.substring(begin, line);
        return indented ? all.stripIndent() : all;
      }
    }
    return text.substring(begin);
  }

  private String bare() {
    int begin = at;
    while (at < text.length() && !endsWord()) {
      if (text.startsWith("${", at)) {
        placeholder();
      }
      at++;
    }
    // A character that may begin nothing is a word of its own.
    at = Math.max(at, begin + 1);
    return text.substring(begin, at);
  }

  private boolean endsWord() {
    char c = text.charAt(at);
    return Character.isWhitespace(c)
        || "{}[]=:,\"#".indexOf(c) >= 0
        || text.startsWith("//", at)
        || text.startsWith("/*", at);
  }
}
