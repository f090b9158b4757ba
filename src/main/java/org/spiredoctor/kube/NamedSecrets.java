package org.spiredoctor.kube;

import java.util.Locale;

/**
 * Recognizes a secret by the name before it: {@code password=x}, {@code "token": "x"}, {@code
 * -joinToken x}, {@code Authorization: Bearer x}, {@code the secret is x}. Goes over the text once.
 */
final class NamedSecrets {
  private static final int LONGEST_PEEK = 64;

  private final Marks marks;
  private final String text;
  private final SecretValues values;

  /** Whether the last {@code name} of a name and {@code value} pair stands for a secret. */
  private boolean secretPair;

  private NamedSecrets(Marks marks) {
    this.marks = marks;
    this.text = marks.text();
    this.values = new SecretValues(marks);
  }

  static void mark(Marks marks) {
    NamedSecrets secrets = new NamedSecrets(marks);
    int at = 0;
    while (at < secrets.text.length()) {
      if (!Chars.isKeyChar(secrets.text.charAt(at))) {
        at++;
        continue;
      }
      int end = at;
      while (end < secrets.text.length() && Chars.isKeyChar(secrets.text.charAt(end))) {
        end++;
      }
      at = Math.max(end, secrets.word(at, end));
    }
  }

  /** A word; where to go on. */
  private int word(int from, int end) {
    String word = text.substring(Math.max(from, end - 2 * LONGEST_PEEK), end);
    String lower = word.toLowerCase(Locale.ROOT);
    int closed = afterClosing(end);
    int sign = Chars.afterBlanks(text, closed);
    boolean assigned = isSign(sign);
    if (assigned && (lower.equals("name") || lower.equals("key"))) {
      secretPair = SecretNames.isSecret(peek(afterSign(sign)));
      return end;
    }
    boolean secret =
        SecretNames.isSecret(word) || (secretPair && lower.equals("value") && assigned);
    if (!secret) {
      return isScheme(lower) ? credentials(end) : end;
    }
    if (assigned) {
      return assigned(from, end, sign, word);
    }
    if (text.charAt(from) == '-') {
      return values.ofFlag(end);
    }
    boolean prose = SecretNames.isProse(word) && !lower.equals("secret");
    return closed == end ? values.ofSentence(end, prose) : end;
  }

  private int assigned(int from, int end, int sign, String word) {
    int value = afterSign(sign);
    if (value >= text.length()) {
      return value;
    }
    if (isSelector(from)) {
      return end;
    }
    if (SecretNames.isHeader(word)) {
      return values.ofHeader(value, word);
    }
    boolean colon = text.charAt(sign) == ':';
    boolean quotedName = sign > end && from > 0 && Chars.isQuote(text.charAt(from - 1));
    boolean spaced = sign + 1 < text.length() && Chars.isBlank(text.charAt(sign + 1));
    if (colon && !quotedName && !spaced && values.isTag(from, value, word)) {
      return end;
    }
    if (colon && !quotedName && spaced && SecretNames.isProse(word) && followsProse(from)) {
      return values.ofProse(value);
    }
    return values.assigned(value, beginsLine(from));
  }

  /** Behind the quotes that end a name, and what escapes them. */
  private int afterClosing(int end) {
    int at = end;
    while (at < text.length()
        && at < end + LONGEST_PEEK
        && (Chars.isQuote(text.charAt(at)) || text.charAt(at) == '\\' || text.charAt(at) == ']')) {
      at++;
    }
    return at;
  }

  private boolean isSign(int at) {
    return at < text.length()
        && (text.charAt(at) == '='
            || text.charAt(at) == ':'
            || text.startsWith("%3D", at)
            || text.startsWith("%3d", at));
  }

  private int afterSign(int sign) {
    int at = sign + (text.charAt(sign) == '%' ? 3 : 1);
    while (at < text.length() && (text.charAt(at) == '=' || text.charAt(at) == '>')) {
      at++;
    }
    return Chars.afterBlanks(text, at);
  }

  private String peek(int from) {
    int at = from;
    while (at < text.length() && (Chars.isQuote(text.charAt(at)) || text.charAt(at) == '\\')) {
      at++;
    }
    int end = at;
    while (end < text.length() && end < at + LONGEST_PEEK && Chars.isKeyChar(text.charAt(end))) {
      end++;
    }
    return text.substring(at, end);
  }

  private static boolean isScheme(String word) {
    return word.equals("bearer") || word.equals("basic");
  }

  /** {@code Bearer x} without the name of the header. */
  private int credentials(int end) {
    int value = Chars.afterBlanks(text, end);
    if (value == end) {
      return end;
    }
    int over = Chars.endOfToken(text, value);
    if (over - value >= 6 && SecretValues.looksRandom(text, value, over)) {
      marks.hide(value, over);
      return over;
    }
    return end;
  }

  /** {@code pod-label:token:web} says which label. */
  private boolean isSelector(int from) {
    return text.startsWith("label:", from - "label:".length());
  }

  private boolean followsProse(int from) {
    return from > 2
        && text.charAt(from - 1) == ' '
        && Character.isLetter(text.charAt(from - 2))
        && !beginsLine(from);
  }

  /** Whether the name is the first in its line, but for a list's hyphen or {@code export}. */
  private boolean beginsLine(int from) {
    int at = from - 1;
    while (at >= 0
        && from - at < LONGEST_PEEK
        && (Chars.isBlank(text.charAt(at)) || text.charAt(at) == '-')) {
      at--;
    }
    if (at >= 5 && text.startsWith("export", at - 5)) {
      at -= 6;
    }
    return at < 0 || Chars.isLineEnd(text.charAt(at));
  }
}
