package org.spiredoctor.kube;

import java.util.Set;

/** Hides what stands behind a secret's name and a sign, and tells where it ends. */
final class SecretValues {
  /** Where the name of a value stands. */
  enum Place {
    /** First in its line, so that the value can be all the rest of it, or below. */
    LINE,
    /** First in a line of a text in which line ends are written as {@code \n}. */
    ESCAPED_LINE,
    /** In quotes, as in JSON, so that the value can be behind line ends. */
    QUOTED,
    WITHIN
  }

  private static final Set<String> MOVING_TAGS =
      Set.of("latest", "stable", "main", "master", "dev", "edge");

  private final ValueText value;
  private final SecretBlocks blocks;
  private final String text;

  SecretValues(ValueText value) {
    this.value = value;
    this.blocks = new SecretBlocks(value);
    this.text = value.text();
  }

  /**
   * Behind {@code =} or {@code :}.
   *
   * @param name where the name begins
   */
  int assigned(int from, int name, Place place) {
    if (from >= text.length() || text.startsWith(Redaction.HIDDEN, from)) {
      return from;
    }
    if (value.quote(from) >= 0) {
      return value.quoted(from);
    }
    char first = text.charAt(from);
    if (Chars.isLineEnd(first)) {
      return nextLine(from, name, place);
    }
    if (first == '[' || first == '{') {
      return blocks.bracketed(from);
    }
    if ((first == '|' || first == '>') && endsLine(from + 1)) {
      return blocks.block(from);
    }
    int heredoc = text.startsWith("<<", from) ? blocks.heredoc(from) : from;
    if (heredoc > from) {
      return heredoc;
    }
    int begin = place == Place.LINE ? from : afterEscapedLineEnd(from);
    int end =
        switch (place) {
          case LINE -> restOfLine(begin);
          case ESCAPED_LINE -> restOfEscapedLine(begin);
          default -> value.endOfWord(begin);
        };
    value.hideWord(begin, end);
    return end;
  }

  private int nextLine(int from, int name, Place place) {
    if (place == Place.LINE) {
      return blocks.below(from, name);
    }
    if (place != Place.QUOTED) {
      return blocks.aloneBelow(from);
    }
    int at = from;
    while (at < text.length()
        && (Chars.isLineEnd(text.charAt(at)) || Chars.isBlank(text.charAt(at)))) {
      at++;
    }
    boolean json = at < text.length() && "\"'[{".indexOf(text.charAt(at)) >= 0;
    return json ? assigned(at, from, Place.WITHIN) : at;
  }

  /** Whether the line ends here, or behind the two characters that a block of YAML may have. */
  private boolean endsLine(int from) {
    int at = from;
    while (at < text.length() && at < from + 2 && !Chars.isLineEnd(text.charAt(at))) {
      at++;
    }
    return at >= text.length() || Chars.isLineEnd(text.charAt(at));
  }

  /** To the end of the line, or to the next setting in it. */
  private int restOfLine(int from) {
    int end = Chars.endOfLine(text, from);
    for (int at = from; at < end; at++) {
      if (Chars.isBlank(text.charAt(at))) {
        int word = Chars.afterBlanks(text, at);
        int over = Chars.endOfKey(text, word, end);
        boolean setting = over > word && over < end && text.charAt(over) == '=';
        if (setting || startsComment(word)) {
          return at;
        }
        at = Math.max(at, over - 1);
      }
    }
    return end;
  }

  private boolean startsComment(int at) {
    return at < text.length() && text.charAt(at) == '#';
  }

  /** Behind {@code \n} and what can be between a name and a value in the line below. */
  private int afterEscapedLineEnd(int from) {
    int at = from;
    int over = Chars.afterEscapedLineEnd(text, at);
    while (over > at) {
      at = Chars.afterBlanks(text, over);
      at = text.startsWith("- ", at) ? at + 2 : at;
      over = Chars.afterEscapedLineEnd(text, at);
    }
    return at;
  }

  /** To what ends the line in writing, or to the quote that ends the text. */
  private int restOfEscapedLine(int from) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean end =
          c == '\\'
              ? value.quote(at) >= 0 || Chars.afterEscapedLineEnd(text, at) > at
              : c == '"' || Chars.isLineEnd(c);
      if (end) {
        break;
      }
      at += c == '\\' ? value.backslashes(at) : 1;
    }
    return at;
  }

  /** Whether it is the tag of an image or a port, and no value: {@code app-secret:1.2.345}. */
  boolean isTag(int name, int from, String word) {
    boolean inPath = name > 0 && text.charAt(name - 1) == '/';
    if (from >= text.length() || (!inPath && word.indexOf('-') < 0)) {
      return false;
    }
    String tag = text.substring(from, Chars.endOfKey(text, from, text.length()));
    boolean numbered =
        !tag.isEmpty()
            && (Chars.isDigit(tag.charAt(0))
                || (tag.length() > 1 && tag.charAt(0) == 'v' && Chars.isDigit(tag.charAt(1))));
    return inPath || (numbered && tag.indexOf('.') >= 0) || MOVING_TAGS.contains(tag);
  }
}
