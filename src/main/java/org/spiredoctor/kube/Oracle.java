package org.spiredoctor.kube;

import java.util.Locale;
import java.util.Set;

/**
 * Recognizes {@code scott/password@db}, but neither a version, {@code actions/checkout@v4}, nor the
 * name of a service, {@code HTTP/web.example.org@EXAMPLE.ORG}.
 */
final class Oracle {
  private static final Set<String> SERVICES =
      Set.of("cifs", "dns", "ftp", "host", "http", "imap", "krbtgt", "ldap", "nfs", "smtp");

  private static final Set<String> BRANCHES = Set.of("HEAD", "latest", "main", "master", "next");

  private Oracle() {}

  /**
   * In a word with an {@code @}.
   *
   * @param at where that is
   */
  static void mark(Marks marks, int from, int at, int end) {
    String text = marks.text();
    int slash = text.indexOf('/', from, at);
    if (slash <= from || slash + 1 == at || text.indexOf('/', slash + 1, at) >= 0) {
      return;
    }
    int user = slash;
    while (user > from && isUserChar(text.charAt(user - 1))) {
      user--;
    }
    boolean whole = user == from || "='\"([,;{".indexOf(text.charAt(user - 1)) >= 0;
    String name = text.substring(user, slash);
    boolean named = !name.isEmpty() && Character.isLetter(name.charAt(0));
    if (whole
        && named
        && !SERVICES.contains(name.toLowerCase(Locale.ROOT))
        && isHost(text, at + 1, end)) {
      marks.hide(slash + 1, at);
    }
  }

  private static boolean isUserChar(char c) {
    return Chars.isAlphanumeric(c) || c == '_' || c == '$' || c == '#';
  }

  /** Neither a version, a commit, nor a branch. */
  private static boolean isHost(String text, int from, int end) {
    int over = from;
    boolean hexadecimal = true;
    while (over < end && Chars.isKeyChar(text.charAt(over))) {
      hexadecimal &= Character.digit(text.charAt(over), 16) >= 0;
      over++;
    }
    char first = text.charAt(from);
    boolean version =
        (Chars.isDigit(first) && text.indexOf('.', from, over) < 0)
            || (first == 'v' && from + 1 < over && Chars.isDigit(text.charAt(from + 1)));
    boolean commit = hexadecimal && over - from >= 7;
    return !version && !commit && !BRANCHES.contains(text.substring(from, over));
  }
}
