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

  /** Of the line before, in which the client can stand. */
  private static final int LONGEST_COMMAND = 64;

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
        && isHost(text, at + 1, end)
        && (SecretWords.looksRandom(text, slash + 1, at)
            || !isName(text, slash + 1, at)
            || isPlace(text, user, at + 1, end))) {
      marks.hide(slash + 1, at);
    }
  }

  private static boolean isUserChar(char c) {
    return Chars.isAlphanumeric(c) || c == '_' || c == '$' || c == '#';
  }

  /** As objects of Kubernetes and repositories have. */
  private static boolean isName(String text, int from, int end) {
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (!Chars.isLower(c) && !Chars.isDigit(c) && c != '-' && c != '.') {
        return false;
      }
    }
    return true;
  }

  /** What no name of an object has behind its {@code @}, or the client before. */
  private static boolean isPlace(String text, int user, int host, int end) {
    int over = Chars.endOfKey(text, host, end);
    return text.startsWith("//", host)
        || text.startsWith(":", over)
        || text.indexOf('.', host, over) >= 0
        || text.substring(Math.max(0, user - LONGEST_COMMAND), user).contains("sqlplus");
  }

  /** {@code EXAMPLE.ORG}, of Kerberos. */
  private static boolean isRealm(String host) {
    return host.indexOf('.') > 0
        && host.equals(host.toUpperCase(Locale.ROOT))
        && host.chars().anyMatch(c -> Chars.isUpper((char) c));
  }

  /** Numbers and dots, but not the four of an address. */
  private static boolean isVersion(String host) {
    boolean numbers = host.chars().allMatch(c -> c == '.' || Chars.isDigit((char) c));
    return Chars.isDigit(host.charAt(0))
        && (host.indexOf('.') < 0 || (numbers && host.chars().filter(c -> c == '.').count() != 3));
  }

  /** Neither a version, a commit, a branch, nor a realm. */
  private static boolean isHost(String text, int from, int end) {
    String host = text.substring(from, Chars.endOfKey(text, from, end));
    if (host.isEmpty()) {
      return true;
    }
    boolean version =
        isVersion(host)
            || (host.charAt(0) == 'v' && host.length() > 1 && Chars.isDigit(host.charAt(1)));
    boolean commit =
        host.length() >= 7 && host.chars().allMatch(c -> Character.digit((char) c, 16) >= 0);
    return !version && !commit && !isRealm(host) && !BRANCHES.contains(host);
  }
}
