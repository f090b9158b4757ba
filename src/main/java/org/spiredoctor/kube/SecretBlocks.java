package org.spiredoctor.kube;

/** Hides values that can have several lines: of YAML, of JSON, and of HCL. */
final class SecretBlocks {
  private final ValueText value;
  private final String text;

  SecretBlocks(ValueText value) {
    this.value = value;
    this.text = value.text();
  }

  /**
   * A list or an object. It goes on in the next line if that is indented, or begins as the next
   * line of one does: what is not closed hides no more than that.
   */
  int bracketed(int from) {
    int depth = 0;
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      int quote = opening(at);
      if (Chars.isLineEnd(c)) {
        int next = afterLineEnd(at);
        if (!goesOn(next)) {
          break;
        }
        at = next;
        continue;
      }
      if (quote >= 0) {
        int end = value.closing(at, quote, true);
        at = end < 0 ? Chars.endOfLine(text, quote) : value.quote(end) + 1;
        continue;
      }
      depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
      at += c == '\\' ? value.backslashes(at) : 1;
      if (depth == 0) {
        break;
      }
    }
    value.hide(from, at);
    return at;
  }

  /** Where a text in quotes begins; an apostrophe in a word begins none. */
  private int opening(int at) {
    char c = text.charAt(at);
    if (c == '\'') {
      return at > 0 && "[{,: \n".indexOf(text.charAt(at - 1)) >= 0 ? at : -1;
    }
    return c == '"' || c == '\\' ? value.quote(at) : -1;
  }

  private boolean goesOn(int line) {
    if (line >= text.length()) {
      return false;
    }
    char first = text.charAt(line);
    return Chars.isBlank(first) || first == '"' || first == ']' || first == '}';
  }

  private int afterLineEnd(int at) {
    return text.startsWith("\r\n", at) ? at + 2 : at + 1;
  }

  /** A scalar of YAML over several lines: those that are indented more. */
  int block(int from) {
    int begin = beginOfLine(from);
    int indentation = Chars.afterBlanks(text, begin) - begin;
    int end = lines(Chars.endOfLine(text, from), indentation, false);
    value.hide(from, end);
    return end;
  }

  /**
   * What is below a name that begins its line: lines that are indented more, and items of a list.
   * Where there are none, a word that is alone in the next line, if it looks random.
   *
   * @param from the end of the name's line
   */
  int below(int from, int name) {
    int end = lines(from, name - beginOfLine(name), true);
    if (end == from) {
      return aloneBelow(from);
    }
    value.hide(firstBelow(from), end);
    return end;
  }

  /** A random word that is alone in the next line. */
  int aloneBelow(int from) {
    int word = firstBelow(from);
    int end = value.endOfWord(word);
    boolean alone = end >= text.length() || Chars.isLineEnd(text.charAt(end));
    if (!alone || !SecretWords.looksRandom(text, word, end)) {
      return from;
    }
    value.hideWord(word, end);
    return end;
  }

  private int firstBelow(int lineEnd) {
    return Chars.afterBlanks(text, Math.min(text.length(), afterLineEnd(lineEnd)));
  }

  /** The end of the lines from here on that are indented more, or are items; where this is none. */
  private int lines(int from, int indentation, boolean items) {
    int at = from;
    int end = from;
    while (at < text.length()) {
      int line = afterLineEnd(at);
      int content = Chars.afterBlanks(text, Math.min(line, text.length()));
      int next = Chars.endOfLine(text, content);
      if (content < next) {
        int column = content - line;
        boolean item = items && column == indentation && text.startsWith("- ", content);
        if (column <= indentation && !item) {
          break;
        }
        end = next;
      }
      at = next;
    }
    return end;
  }

  private int beginOfLine(int from) {
    int begin = from;
    while (begin > 0 && !Chars.isLineEnd(text.charAt(begin - 1))) {
      begin--;
    }
    return begin;
  }

  int heredoc(int from) {
    int at = Chars.endOfLine(text, from);
    String anchor = text.substring(from + 2, at).strip();
    String end = anchor.startsWith("-") ? anchor.substring(1) : anchor;
    while (at < text.length()) {
      int line = at + 1;
      at = Chars.endOfLine(text, Math.min(line, text.length()));
      if (text.substring(Math.min(line, at), at).strip().equals(end)) {
        break;
      }
    }
    value.hide(from, at);
    return at;
  }
}
