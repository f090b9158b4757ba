package org.spiredoctor.kube;

/**
 * Where values begin and end in a text, and the hiding of them. Each goes over what it hides once.
 */
final class ValueText {
  private final Marks marks;
  private final String text;

  ValueText(Marks marks) {
    this.marks = marks;
    this.text = marks.text();
  }

  String text() {
    return text;
  }

  void hide(int from, int to) {
    marks.hide(from, to);
  }

  /** Where a quote begins, behind what escapes it; -1 where none does. */
  int quote(int from) {
    int at = Chars.afterBackslashes(text, from);
    return at < text.length() && Chars.isQuote(text.charAt(at)) ? at : -1;
  }

  int backslashes(int from) {
    return Chars.afterBackslashes(text, from) - from;
  }

  /**
   * Hides what is in quotes, or the rest of the line where they do not end; where to go on.
   *
   * @param from where {@link #quote} finds one
   */
  int quoted(int from) {
    int quote = quote(from);
    int inner = quote;
    // Quotes in a quoted text, ''x'', and three of them.
    while (from == quote && isEmptyBeforeMore(inner)) {
      inner++;
    }
    return inner > quote ? hideQuoted(inner, inner, false) : hideQuoted(from, quote, true);
  }

  private boolean isEmptyBeforeMore(int quote) {
    return quote + 2 < text.length()
        && text.charAt(quote + 1) == text.charAt(quote)
        && !Chars.isSpace(text.charAt(quote + 2))
        && ",;)]}&:\\".indexOf(text.charAt(quote + 2)) < 0;
  }

  private int hideQuoted(int from, int quote, boolean doubling) {
    int end = closing(from, quote, doubling);
    if (end < 0) {
      int line = Chars.endOfLine(text, quote);
      marks.hide(quote + 1, line);
      return line;
    }
    hideUnlessNone(quote + 1, end);
    return quote(end) + 1;
  }

  /**
   * Where a text in quotes ends: with a quote that is escaped as often as the first; -1 where its
   * line ends before.
   *
   * @param from where the backslashes before the first quote begin
   * @param doubling whether two single quotes stand for one
   */
  int closing(int from, int quote, boolean doubling) {
    char mark = text.charAt(quote);
    int escapes = quote - from;
    int run = 0;
    for (int at = quote + 1; at < text.length() && !Chars.isLineEnd(text.charAt(at)); at++) {
      char c = text.charAt(at);
      if (c == '\\') {
        run++;
        continue;
      }
      // Quotes inside are escaped more often; an odd number of backslashes more escapes one.
      if (c == mark && run <= escapes) {
        if (!doubling || escapes > 0 || mark != '\'' || !text.startsWith("'", at + 1)) {
          return at - run;
        }
        at++;
      }
      run = 0;
    }
    return -1;
  }

  int endOfWord(int from) {
    return endOfWord(from, text.length());
  }

  /** The same, or the limit, where that is before. */
  int endOfWord(int from, int limit) {
    int at = from;
    int end = Math.min(text.length(), limit);
    while (at < end) {
      char c = text.charAt(at);
      if (Chars.isSpace(c) || c == '"' || c == '`' || (c == '\\' && quote(at) >= 0)) {
        break;
      }
      at += c == '\\' ? Math.max(1, backslashes(at)) : 1;
    }
    return Math.max(from, Math.min(at, end));
  }

  /** Hides it, but for what closes something around it. */
  void hideWord(int from, int to) {
    int end = to;
    while (end > from && ")]},;'.".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    hideUnlessNone(from, SecretWords.isVariable(text.substring(from, to)) ? to : end);
  }

  void hideUnlessNone(int from, int to) {
    if (!SecretWords.isNone(text.substring(from, to))) {
      marks.hide(from, to);
    }
  }
}
