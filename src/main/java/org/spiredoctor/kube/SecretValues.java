package org.spiredoctor.kube;

import java.util.Locale;
import java.util.Set;

/** Hides what stands behind a secret's name, and tells where it ends. */
final class SecretValues {
  private static final Set<String> NO_SECRET =
      Set.of("true", "false", "null", "nil", "none", "<nil>", "<none>", "<unset>", "<set>");

  /** What is said of secrets, such as that a token is expired. */
  private static final Set<String> SAID =
      Set.of(
          ("a absent accepted already also an being bound configured correct created defined"
                  + " deleted denied disabled empty enabled encrypted expired expiring flag for"
                  + " forbidden found from generated given ignored immutable in incorrect invalid"
                  + " issued loaded malformed managed mandatory missing mounted needed neither never"
                  + " no not null of on one only option optional out present provided read rejected"
                  + " required revoked rotated set signed stale still stored the too unavailable"
                  + " unauthorized unknown unset unsupported used valid verified what where which"
                  + " written wrong")
              .split(" "));

  static final Set<String> SCHEMES =
      Set.of("apikey", "basic", "bearer", "digest", "negotiate", "token");

  private final Marks marks;
  private final String text;

  SecretValues(Marks marks) {
    this.marks = marks;
    this.text = marks.text();
  }

  /**
   * Behind {@code =} or {@code :}.
   *
   * @param line whether the name began its line, so that the value may be all the rest of it
   */
  int assigned(int from, boolean line) {
    if (from >= text.length() || text.startsWith(Redaction.HIDDEN, from)) {
      return from;
    }
    int quote = quote(from);
    if (quote >= 0) {
      return quoted(from, quote);
    }
    char first = text.charAt(from);
    if (first == '[' || first == '{') {
      return bracketed(from, first == '[' ? ']' : '}');
    }
    if ((first == '|' || first == '>') && endsLine(from + 1)) {
      return block(from);
    }
    if (text.startsWith("<<", from)) {
      return heredoc(from);
    }
    int end = line ? restOfLine(from) : endOfWord(from);
    hideWord(from, end);
    return end;
  }

  /** Whether the line ends here, or behind the two characters that a block of YAML may have. */
  private boolean endsLine(int from) {
    int at = from;
    while (at < text.length() && at < from + 2 && !Chars.isLineEnd(text.charAt(at))) {
      at++;
    }
    return at >= text.length() || Chars.isLineEnd(text.charAt(at));
  }

  /** Where a quote begins, behind what escapes it; -1 where none does. */
  private int quote(int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == '\\') {
      at++;
    }
    return at < text.length() && Chars.isQuote(text.charAt(at)) ? at : -1;
  }

  /** It ends with a quote that is escaped as often; else with its line. */
  private int quoted(int from, int quote) {
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
        boolean doubled = escapes == 0 && mark == '\'' && text.startsWith("'", at + 1);
        if (!doubled) {
          hideUnlessNone(quote + 1, at - run);
          return at + 1;
        }
        at++;
      }
      run = 0;
    }
    int end = Chars.endOfLine(text, quote);
    marks.hide(quote + 1, end);
    return end;
  }

  private int bracketed(int from, char closing) {
    int end = from + 1;
    while (end < text.length()
        && text.charAt(end) != closing
        && !Chars.isLineEnd(text.charAt(end))) {
      end++;
    }
    if (end < text.length() && text.charAt(end) == closing) {
      end++;
    }
    marks.hide(from, end);
    return end;
  }

  /** A scalar of YAML over several lines: those that are indented more. */
  private int block(int from) {
    int begin = from;
    while (begin > 0 && !Chars.isLineEnd(text.charAt(begin - 1))) {
      begin--;
    }
    int indentation = Chars.afterBlanks(text, begin) - begin;
    int at = Chars.endOfLine(text, from);
    int end = at;
    while (at < text.length()) {
      int line = at + 1;
      int content = Chars.afterBlanks(text, line);
      int next = Chars.endOfLine(text, content);
      if (content < next && content - line <= indentation) {
        break;
      }
      end = next;
      at = next;
    }
    marks.hide(from, end);
    return end;
  }

  private int heredoc(int from) {
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
    marks.hide(from, at);
    return at;
  }

  /** To the end of the line, or to the next setting in it. */
  private int restOfLine(int from) {
    int end = Chars.endOfLine(text, from);
    for (int at = from; at < end; at++) {
      if (Chars.isBlank(text.charAt(at))) {
        int word = Chars.afterBlanks(text, at);
        int over = word;
        while (over < end && Chars.isKeyChar(text.charAt(over))) {
          over++;
        }
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

  private int endOfWord(int from) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Character.isWhitespace(c) || c == '"' || c == '`' || (c == '\\' && quote(at) >= 0)) {
        break;
      }
      at += c == '\\' ? Math.max(1, backslashes(at)) : 1;
    }
    return at;
  }

  private int backslashes(int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == '\\') {
      at++;
    }
    return at - from;
  }

  /** Hides it, but for what closes something around it. */
  private void hideWord(int from, int to) {
    int end = to;
    while (end > from && ")]},;'.".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    hideUnlessNone(from, isVariable(text.substring(from, to)) ? to : end);
  }

  private void hideUnlessNone(int from, int to) {
    String word = text.substring(from, to);
    if (!isVariable(word) && !NO_SECRET.contains(word) && !word.startsWith(Redaction.HIDDEN)) {
      marks.hide(from, to);
    }
  }

  /** {@code ${NAME}} or {@code $(NAME)}, which the program or the kubelet replaces. */
  private static boolean isVariable(String word) {
    return (word.startsWith("${") && word.indexOf('}') == word.length() - 1)
        || (word.startsWith("$(") && word.indexOf(')') == word.length() - 1);
  }

  /** {@code Authorization: Bearer x}, {@code Cookie: a=b; c=d}. */
  int ofHeader(int from, String name) {
    int quote = quote(from);
    if (quote >= 0) {
      return quoted(from, quote);
    }
    int end = endOfWord(from);
    String scheme = text.substring(from, end);
    int value = Chars.afterBlanks(text, end);
    if (SecretNames.isCookie(name)) {
      int rest = Chars.endOfLine(text, from);
      marks.hide(from, rest);
      return rest;
    }
    if (SCHEMES.contains(scheme.toLowerCase(Locale.ROOT))) {
      int over = endOfWord(value);
      hideWord(value, over);
      return over;
    }
    if (looksRandom(text, from, end)) {
      hideWord(from, end);
    }
    return end;
  }

  /** {@code invalid token: x}, where x may be the reason. */
  int ofProse(int from) {
    int quote = quote(from);
    if (quote >= 0) {
      return quoted(from, quote);
    }
    int end = endOfWord(from);
    if (looksRandom(text, from, end)) {
      hideWord(from, end);
    }
    return end;
  }

  /** {@code -joinToken x}, in a line or in a list. */
  int ofFlag(int end) {
    int from = end;
    boolean listed = false;
    while (from < text.length()) {
      char c = text.charAt(from);
      listed |= c == ',' || c == '"';
      boolean between =
          Chars.isBlank(c) || c == ',' || Chars.isQuote(c) || c == '\\' || (listed && c == '\n');
      if (!between) {
        break;
      }
      from++;
    }
    if (from == end || from >= text.length() || text.charAt(from) == '-') {
      return from;
    }
    int over = endOfWord(from);
    if (!SAID.contains(text.substring(from, over))) {
      hideWord(from, over);
    }
    return over;
  }

  /** {@code the password is x}; of a token or credential much else is said. */
  int ofSentence(int end, boolean prose) {
    int from = end;
    for (String verb : new String[] {" is ", " was ", " set to "}) {
      if (text.startsWith(verb, end)) {
        from = end + verb.length();
      }
    }
    if (from == end) {
      return end;
    }
    int quote = quote(from);
    if (quote >= 0) {
      return quoted(from, quote);
    }
    int over = endOfWord(from);
    String word = text.substring(from, over);
    String plain =
        word.endsWith(",") || word.endsWith(".") ? word.substring(0, word.length() - 1) : word;
    if (prose ? looksRandom(text, from, over) : !SAID.contains(plain) && !plain.endsWith(":")) {
      hideWord(from, over);
    }
    return over;
  }

  /** Whether it is the tag of an image or a port, and no value: {@code app-secret:1.2.345}. */
  boolean isTag(int name, int value, String word) {
    boolean repository = word.indexOf('-') >= 0 || (name > 0 && text.charAt(name - 1) == '/');
    int end = value;
    boolean version = repository && value < text.length();
    int dots = 0;
    while (end < text.length() && Chars.isKeyChar(text.charAt(end))) {
      dots += text.charAt(end) == '.' ? 1 : 0;
      end++;
    }
    String tag = text.substring(value, end);
    boolean numbered =
        !tag.isEmpty()
            && (Chars.isDigit(tag.charAt(0))
                || (tag.length() > 1 && tag.charAt(0) == 'v' && Chars.isDigit(tag.charAt(1))));
    return version
        && ((name > 0 && text.charAt(name - 1) == '/')
            || (numbered && dots > 0)
            || Set.of("latest", "stable", "main", "master", "dev", "edge").contains(tag));
  }

  /** Whether it has what passwords and tokens have, and words, paths and addresses have not. */
  static boolean looksRandom(String text, int from, int to) {
    if (to - from < 6 || text.charAt(from) == '/' || text.indexOf("://", from, to) >= 0) {
      return false;
    }
    boolean letter = false;
    boolean digit = false;
    boolean symbol = false;
    int capitals = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      letter |= Chars.isLower(c) || Chars.isUpper(c);
      digit |= Chars.isDigit(c);
      symbol |= "!#$%^&*".indexOf(c) >= 0;
      capitals += i > from && Chars.isUpper(c) ? 1 : 0;
    }
    return (letter && digit) || capitals > 1 || symbol;
  }
}
