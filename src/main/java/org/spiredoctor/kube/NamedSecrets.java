package org.spiredoctor.kube;

import java.util.Locale;

/**
 * Recognizes a secret by the name before it: {@code password=x}, {@code "token": "x"}, {@code
 * -joinToken x}, {@code Authorization: Bearer x}, {@code the secret is x}. Goes over the text once.
 */
final class NamedSecrets {
  private static final int LONGEST_PEEK = 64;

  private final String text;
  private final ValueText value;
  private final NamePlaces names;
  private final SecretValues values;
  private final SpokenSecrets spoken;
  private final SecretFlags flags;
  private final HeaderValues headers;
  private final XmlElements elements;
  private final WeakSecrets weak;

  /** Whether the last {@code name} of a name and {@code value} pair stands for a secret. */
  private boolean secretPair;

  /** The program whose flags follow; empty where none is known. */
  private String program = "";

  private NamedSecrets(Marks marks) {
    this.text = marks.text();
    this.value = new ValueText(marks);
    this.names = new NamePlaces(text);
    this.values = new SecretValues(value);
    this.spoken = new SpokenSecrets(value);
    this.flags = new SecretFlags(value);
    this.headers = new HeaderValues(value);
    this.elements = new XmlElements(value);
    this.weak = new WeakSecrets(value);
  }

  static void mark(Marks marks) {
    NamedSecrets secrets = new NamedSecrets(marks);
    String text = marks.text();
    int at = 0;
    while (at < text.length()) {
      if (!Chars.isKeyChar(text.charAt(at))) {
        secrets.between(at);
        at++;
        continue;
      }
      int end = Chars.endOfKey(text, at, text.length());
      at = Math.max(end, secrets.word(at, end));
    }
  }

  /** A command ends with its line, or with what begins another one. */
  private void between(int at) {
    char c = text.charAt(at);
    boolean continued = at > 0 && text.charAt(at - 1) == '\\';
    // In an address it is between parameters.
    boolean and = c == '&' && at > 0 && Chars.isBlank(text.charAt(at - 1));
    if (c == ';' || c == '|' || and || (Chars.isLineEnd(c) && !continued)) {
      program = "";
    }
  }

  /** A word; where to go on. */
  private int word(int from, int end) {
    String word = text.substring(Math.max(from, end - 2 * LONGEST_PEEK), end);
    String lower = word.toLowerCase(Locale.ROOT);
    int closed = afterClosing(end);
    int sign = Chars.afterBlanks(text, closed);
    boolean assigned = isSign(sign);
    if (assigned && (lower.equals("name") || lower.equals("key")) && !names.isParameter(from)) {
      return pair(end, sign);
    }
    program = SecretFlags.program(word, program).orElse(program);
    boolean flag = text.charAt(from) == '-';
    boolean secret =
        SecretNames.isSecret(word)
            || (secretPair && lower.equals("value") && assigned)
            || ((assigned || flag || elements.isTag(from)) && isShort(from, word));
    int argument = flag ? flags.ofProgram(from, end, program) : end;
    if (flag && (!secret || argument > end)) {
      return argument;
    }
    if (!secret) {
      return assigned && WeakSecrets.isName(word) && !names.isSelector(from)
          ? weak.assigned(from, afterSign(sign), word)
          : other(end, lower);
    }
    if (assigned) {
      return assigned(from, end, sign, word);
    }
    if (flag) {
      return flags.named(from, end);
    }
    if (elements.isTag(from)) {
      return elements.content(end);
    }
    return closed == end ? sentence(end, word) : end;
  }

  /** {@code name: x}, and what can be behind it. */
  private int pair(int end, int sign) {
    int from = afterSign(sign);
    String name = peek(from);
    secretPair = SecretNames.isSecret(name) || SecretNames.isShort(name);
    int quote = value.quote(from);
    int over = quote < 0 ? end : quote + 1 + name.length();
    // <entry key="password">x</entry>
    return secretPair && quote >= 0 && text.startsWith(">", over + 1)
        ? elements.content(over + 1)
        : end;
  }

  /** Of which the first letter can be that of {@code \n}. */
  private boolean isShort(int from, String word) {
    return SecretNames.isShort(word)
        || (names.isEscape(from, "nrt") && SecretNames.isShort(word.substring(1)));
  }

  private int other(int end, String lower) {
    if (SecretNames.isSetting(lower)) {
      return spoken.afterBlank(end, true);
    }
    return lower.equals("bearer") || lower.equals("basic") ? headers.credentials(end) : end;
  }

  private int sentence(int end, String word) {
    int over = spoken.afterVerb(end, SecretNames.isProse(word) && !word.equalsIgnoreCase("secret"));
    if (over == end && SecretNames.isPassword(word)) {
      // Objects of Kubernetes have names with a hyphen.
      return spoken.afterBlank(end, word.indexOf('-') < 0 && word.indexOf('.') < 0);
    }
    return over == end && word.equalsIgnoreCase("token") ? spoken.afterToken(end) : over;
  }

  private int assigned(int from, int end, int sign, String word) {
    int begin = afterSign(sign);
    if (begin >= text.length()) {
      return begin;
    }
    if (names.isSelector(from) || SecretNames.isWorkingDirectory(word, text, begin)) {
      return end;
    }
    if (SecretNames.isHeader(word)) {
      return headers.of(begin, word);
    }
    boolean colon = text.charAt(sign) == ':';
    if (colon && word.equals("PASS")) {
      // The result of a test.
      return end;
    }
    if (colon && SecretNames.isSourceFile(word) && Chars.isDigit(text.charAt(begin))) {
      return end;
    }
    boolean quotedName = sign > end && from > 0 && Chars.isQuote(text.charAt(from - 1));
    boolean spaced = sign + 1 < text.length() && Chars.isBlank(text.charAt(sign + 1));
    if (colon && !quotedName && !spaced && values.isTag(from, begin, word)) {
      return end;
    }
    if (colon && spaced && saysWhy(from, begin, word)) {
      return spoken.afterColon(begin, false);
    }
    if (colon
        && spaced
        && value.quote(begin) < 0
        && names.followsProse(quotedName ? from - 1 : from)) {
      if (quotedName || SecretNames.isProse(word) || SecretNames.isPassword(word)) {
        return spoken.afterColon(begin, !quotedName && SecretNames.isPassword(word));
      }
    }
    return values.assigned(begin, from, names.place(from, quotedName));
  }

  /** Whether a path, the name of an error, or a word of prose is before the reason. */
  private boolean saysWhy(int from, int begin, String word) {
    return (from > 0 && text.charAt(from - 1) == '/')
        || SecretNames.isError(word)
        || (SecretNames.isProse(word) && SecretWords.isReason(text, begin));
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
    int limit = Math.min(text.length(), at + LONGEST_PEEK);
    return text.substring(at, Chars.endOfKey(text, at, limit));
  }
}
