package org.spiredoctor.kube;

import java.util.List;

/** Hides secrets in sentences, and in settings without a sign, and leaves what is said of them. */
final class SpokenSecrets {
  private static final List<String> VERBS = List.of(" is ", " was ", " set to ");

  /** The length of a join token of SPIRE's server, which is a UUID. */
  private static final int UUID = 36;

  private static final int SHORTEST_TOKEN = 16;

  private final ValueText value;
  private final String text;

  SpokenSecrets(ValueText value) {
    this.value = value;
    this.text = value.text();
  }

  /** {@code invalid token: x}, where x can be the reason. */
  int afterColon(int from, boolean password) {
    if (value.quote(from) >= 0) {
      return value.quoted(from);
    }
    int end = value.endOfWord(from);
    boolean secret =
        password
            ? !SecretWords.followsPassword(text.substring(from, end))
            : SecretWords.looksRandom(text, from, end)
                && !SecretWords.isSubject(text.substring(from, end));
    if (secret) {
      value.hideWord(from, end);
    }
    return end;
  }

  /** {@code the password is x}; of a token or credential much else is said. */
  int afterVerb(int end, boolean prose) {
    int from = end;
    for (String verb : VERBS) {
      if (text.startsWith(verb, end)) {
        from = end + verb.length();
      }
    }
    if (from == end) {
      return end;
    }
    if (value.quote(from) >= 0) {
      return value.quoted(from);
    }
    int over = value.endOfWord(from);
    String word = text.substring(from, over);
    boolean said = SecretWords.isSaid(SecretWords.withoutEnd(word)) || word.endsWith(":");
    if (prose ? SecretWords.looksRandom(text, from, over) : !said) {
      value.hideWord(from, over);
    }
    return over;
  }

  /**
   * {@code with password x}, {@code bindpw x}, {@code password "x"}.
   *
   * @param sure whether any word that is not of a sentence about passwords is one
   */
  int afterBlank(int end, boolean sure) {
    int from = Chars.afterBlanks(text, end);
    if (from == end || from >= text.length()) {
      return end;
    }
    if (value.quote(from) >= 0) {
      return value.quoted(from);
    }
    int over = value.endOfWord(from);
    String word = text.substring(from, over);
    if (SecretWords.followsPassword(word)
        || isAside(word)
        || (!sure && !SecretWords.looksRandom(text, from, over))) {
      return end;
    }
    value.hideWord(from, over);
    return over;
  }

  /** Punctuation, a path, a flag, or another setting. */
  private static boolean isAside(String word) {
    int sign = word.indexOf('=');
    boolean setting = sign > 0 && sign + 1 < word.length() && word.charAt(sign + 1) != '=';
    for (int i = 0; i < sign && setting; i++) {
      setting = Chars.isKeyChar(word.charAt(i));
    }
    return setting
        || word.chars().noneMatch(c -> Character.isLetterOrDigit((char) c))
        || "/-([<{".indexOf(word.charAt(0)) >= 0;
  }

  /** {@code using token x}, where x has the form of a token. */
  int afterToken(int end) {
    int from = Chars.afterBlanks(text, end);
    if (from == end) {
      return end;
    }
    int over = from;
    while (over < text.length()
        && Chars.isTokenChar(text.charAt(over))
        && text.charAt(over) != '/') {
      over++;
    }
    if (over - from < SHORTEST_TOKEN || !SecretWords.looksRandom(text, from, over)) {
      return end;
    }
    boolean uuid = over - from == UUID && text.charAt(from + 8) == '-';
    if (uuid || text.substring(from, over).indexOf('-') < 0) {
      value.hide(from, over);
      return over;
    }
    return end;
  }
}
