package org.spiredoctor.evidence.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spiredoctor.kube.Redaction;

/** The connection string of a data store: where the database is, without who asks for it. */
final class ConnectionString {
  private static final String HIDDEN = Redaction.HIDDEN;

  private static final Set<String> KEPT =
      Set.of("host", "hostaddr", "port", "dbname", "sslmode", "connect_timeout");

  private static final Set<String> CREDENTIALS = Set.of("user", "password", "passfile");

  /** {@code name=value} or {@code name='a value'}, as libpq has it. */
  private static final Pattern PAIR =
      Pattern.compile("([A-Za-z_]{1,40}) ?= ?('(?:[^'\\\\]|\\\\.)*+'|[^\\s']*+)");

  private static final Pattern PLACE =
      Pattern.compile(
          "(?:(?:tcp|unix)\\([A-Za-z0-9._:/\\[\\]-]*+\\)|[A-Za-z0-9._:,\\[\\]-]*+)/[A-Za-z0-9._-]*+");

  private static final Pattern FILE = Pattern.compile("(?:file:)?[A-Za-z0-9._/-]++");

  /** A database of SQLite without a file. */
  private static final Pattern MEMORY =
      Pattern.compile(
          "(?:file:)?(?::memory:|[A-Za-z0-9_]{0,40}\\?(?:cache=[a-z]{1,10}&)?mode=memory)"
              + "(?:[?&]cache=[a-z]{1,10})?");

  private ConnectionString() {}

  static String withoutCredentials(String text) {
    if (MEMORY.matcher(text).matches()) {
      return ":memory:";
    }
    int at = text.lastIndexOf('@');
    int scheme = text.indexOf("://");
    if (scheme > 0 && text.substring(0, scheme).matches("[a-z0-9+]{1,20}")) {
      String authority = text.substring(0, scheme + 3);
      return authority + (isClear(text, at) ? place(text, Math.max(scheme + 3, at + 1)) : HIDDEN);
    }
    List<String> pairs = new ArrayList<>();
    boolean libpq = false;
    Matcher pair = PAIR.matcher(text);
    while (pair.find()) {
      String name = pair.group(1).toLowerCase(Locale.ROOT);
      libpq |= KEPT.contains(name) || CREDENTIALS.contains(name);
      if (KEPT.contains(name)) {
        pairs.add(pair.group());
      }
    }
    if (libpq) {
      return pairs.isEmpty() ? HIDDEN : Redaction.text(String.join(" ", pairs));
    }
    boolean network = text.startsWith("tcp(", at + 1) || text.startsWith("unix(", at + 1);
    if (network || at >= 0) {
      boolean clear = isWord(text, at) && (network || text.startsWith("/", at + 1));
      return clear ? place(text, at + 1) : HIDDEN;
    }
    int query = text.indexOf('?');
    String path = query < 0 ? text : text.substring(0, query);
    boolean file = path.indexOf('/') >= 0 && FILE.matcher(path).matches();
    return file ? Redaction.text(path) : HIDDEN;
  }

  /** Whether it is not an {@code @} of a password, or of a parameter, that is the last one. */
  private static boolean isClear(String text, int at) {
    int query = text.indexOf('?');
    return at < 0 || (text.indexOf('@') == at && (query < 0 || query > at) && isWord(text, at));
  }

  /** Whether what is before it can be a user and a password, and no other text. */
  private static boolean isWord(String text, int to) {
    for (int i = 0; i < to; i++) {
      if (Character.isWhitespace(text.charAt(i)) || "\"'{}\\".indexOf(text.charAt(i)) >= 0) {
        return false;
      }
    }
    return true;
  }

  private static String place(String text, int from) {
    Matcher place = PLACE.matcher(text).region(from, text.length());
    return place.lookingAt() ? Redaction.text(place.group()) : HIDDEN;
  }
}
