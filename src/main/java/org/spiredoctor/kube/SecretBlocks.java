package org.spiredoctor.kube;

/** Hides values that can have several lines: of YAML, of JSON, and of HCL. */
final class SecretBlocks {
  private static final int LONGEST_ANCHOR = 64;

  /** What has no end is looked at again: not more of it, so that the time is linear. */
  private static final int LONGEST_HEREDOC = 4 * 1024;

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

  /**
   * Up to the line that ends it; where there is none nearby, it is a word such as {@code <<nil>>}.
   */
  int heredoc(int from) {
    int at = Chars.endOfLine(text, from);
    String end = anchor(text.substring(from + 2, Math.min(at, from + LONGEST_ANCHOR)).strip());
    int limit = Math.min(text.length(), at + LONGEST_HEREDOC);
    while (!end.isEmpty() && at < limit) {
      int line = at + 1;
      at = Math.min(limit, Chars.endOfLine(text, Math.min(line, text.length())));
      if (text.substring(Math.min(line, at), at).strip().equals(end)) {
        value.hide(from, at);
        return at;
      }
    }
    return from;
  }

  /** The name behind {@code <<}, or {@code <<-}, in quotes or not; empty where none is. */
  private static String anchor(String word) {
    String name = word.startsWith("-") ? word.substring(1) : word;
    int last = name.length() - 1;
    if (last > 0 && Chars.isQuote(name.charAt(0)) && name.charAt(last) == name.charAt(0)) {
      name = name.substring(1, last);
    }
    boolean valid = !name.isEmpty() && !Chars.isDigit(name.charAt(0));
    return valid && name.chars().allMatch(c -> c == '_' || Chars.isAlphanumeric((char) c))
        ? name
        : "";
  }
}
