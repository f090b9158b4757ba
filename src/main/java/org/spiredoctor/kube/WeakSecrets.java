package org.spiredoctor.kube;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/**
 * Hides what stands behind names that often stand for something else, if it looks like a secret:
 * {@code "auth":"x"} of Docker's configuration, {@code ?sig=x} of Azure, ids of sessions.
 */
final class WeakSecrets {
  private static final Set<String> NAMES =
      Set.of(
          "_auth",
          "auth",
          "code",
          "connect.sid",
          "key",
          "session",
          "session_id",
          "sessionid",
          "sid",
          "sig",
          "signature");

  /** Of a cookie, or a parameter of an address. */
  private static final Set<String> SURE = Set.of("jsessionid", "phpsessid", "asp.net_sessionid");

  private static final Set<String> PARAMETERS =
      Set.of("sig", "signature", "x-amz-signature", "x-goog-signature");

  private static final int SHORTEST = 10;

  /** Names of nodes and pods have hyphens. */
  private static final int SHORTEST_WITH_HYPHEN = 16;

  private final ValueText value;
  private final String text;

  WeakSecrets(ValueText value) {
    this.value = value;
    this.text = value.text();
  }

  static boolean isName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return NAMES.contains(lower) || SURE.contains(lower) || PARAMETERS.contains(lower);
  }

  /** Behind a sign; where to go on. */
  int assigned(int name, int from, String word) {
    int quote = value.quote(from);
    int begin = quote < 0 ? from : quote + 1;
    int end = begin;
    while (end < text.length() && isPart(end)) {
      end++;
    }
    int padding = end;
    while (padding < text.length() && padding < end + 2 && text.charAt(padding) == '=') {
      padding++;
    }
    String lower = word.toLowerCase(Locale.ROOT);
    boolean parameter = name > 0 && "?&;".indexOf(text.charAt(name - 1)) >= 0;
    if (lower.equals("code") && !parameter) {
      return begin;
    }
    boolean sure = SURE.contains(lower) || (parameter && PARAMETERS.contains(lower));
    int dash = text.indexOf('-', begin, end);
    int shortest = dash < 0 ? SHORTEST : SHORTEST_WITH_HYPHEN;
    boolean random = end - begin >= shortest && SecretWords.looksRandom(text, begin, end);
    if (sure) {
      int over = endOfCookie(begin);
      value.hideUnlessNone(begin, over);
      return over;
    }
    if (random || (lower.endsWith("auth") && isPair(text.substring(begin, padding)))) {
      value.hideUnlessNone(begin, end);
      return end;
    }
    return begin;
  }

  private int endOfCookie(int from) {
    int at = from;
    while (at < text.length()
        && !Character.isWhitespace(text.charAt(at))
        && ";,&)]}'\"`\\".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  /** Another sign begins another value. */
  private boolean isPart(int at) {
    char c = text.charAt(at);
    return (Chars.isTokenChar(c) && c != '=')
        || c == '!'
        || (c == '%' && !text.startsWith("%3D", at) && !text.startsWith("%3d", at));
  }

  /** Whether it is a user and a password in Base64. */
  private static boolean isPair(String word) {
    try {
      String pair = new String(Base64.getDecoder().decode(word), StandardCharsets.ISO_8859_1);
      return pair.indexOf(':') >= 0 && pair.chars().allMatch(c -> c >= ' ' && c <= '~');
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
