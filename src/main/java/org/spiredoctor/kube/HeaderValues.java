package org.spiredoctor.kube;

import java.util.Locale;
import java.util.Set;

/** Hides what headers of HTTP hold: {@code Authorization: Bearer x}, {@code Cookie: a=x; b=y}. */
final class HeaderValues {
  static final Set<String> SCHEMES =
      Set.of(
          "apikey",
          "aws4-hmac-sha256",
          "basic",
          "bearer",
          "bot",
          "digest",
          "hawk",
          "key",
          "negotiate",
          "ntlm",
          "oauth",
          "splunk",
          "token");

  private final ValueText value;
  private final String text;

  HeaderValues(ValueText value) {
    this.value = value;
    this.text = value.text();
  }

  int of(int from, String name) {
    if (value.quote(from) >= 0) {
      return value.quoted(from);
    }
    if (SecretNames.isCookie(name)) {
      int rest = Chars.endOfLine(text, from);
      value.hide(from, rest);
      return rest;
    }
    int end = value.endOfWord(from);
    int credentials = Chars.afterBlanks(text, end);
    if (SCHEMES.contains(text.substring(from, end).toLowerCase(Locale.ROOT))) {
      return parameters(credentials);
    }
    if (SecretWords.looksRandom(text, from, end)) {
      value.hideWord(from, end);
      return end;
    }
    // A scheme that is not known.
    int over = value.endOfWord(credentials);
    if (SecretWords.looksRandom(text, credentials, over)) {
      value.hideWord(credentials, over);
      return over;
    }
    return end;
  }

  /** {@code x}, or {@code token="x", nonce="y"}. */
  private int parameters(int from) {
    int only = inQuotes(from);
    if (only > from) {
      return only;
    }
    int begin = from;
    while (true) {
      int over = value.endOfWord(begin);
      value.hideWord(begin, over);
      boolean named = over > begin && text.charAt(over - 1) == '=';
      over = named && value.quote(over) >= 0 ? value.quoted(over) : over;
      int separator = Chars.afterBlanks(text, over);
      boolean list = over > begin && text.startsWith(",", separator);
      int comma = list ? separator + 1 : over;
      int next = Chars.afterBlanks(text, comma);
      boolean more = comma > begin && text.charAt(comma - 1) == ',' && isParameter(next);
      if (!more) {
        return over;
      }
      begin = next;
    }
  }

  /** {@code Bearer "x"}; the quote behind {@code "Bearer "} ends a text, and begins none. */
  private int inQuotes(int from) {
    int quote = value.quote(from);
    boolean opens =
        quote >= 0
            && Chars.isBlank(text.charAt(from - 1))
            && quote + 1 < text.length()
            && !Chars.isSpace(text.charAt(quote + 1))
            && value.closing(from, quote, false) >= 0;
    return opens ? value.quoted(from) : from;
  }

  private boolean isParameter(int from) {
    int end = Chars.endOfKey(text, from, text.length());
    return end > from && text.startsWith("=", end);
  }

  /** {@code Bearer x} without the name of the header. */
  int credentials(int end) {
    int from = Chars.afterBlanks(text, end);
    if (from == end) {
      return end;
    }
    int over = Chars.endOfToken(text, from);
    int sign = text.indexOf('=', from, over);
    boolean setting = sign >= 0 && sign + 2 < over;
    if (setting || !SecretWords.looksRandom(text, from, over)) {
      return end;
    }
    value.hide(from, over);
    return over;
  }
}
