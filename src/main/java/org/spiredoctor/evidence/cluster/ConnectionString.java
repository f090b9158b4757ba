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
  private static final Set<String> KEPT =
      Set.of("host", "hostaddr", "port", "dbname", "sslmode", "connect_timeout");

  /** {@code name=value} or {@code name='a value'}, as libpq has it. */
  private static final Pattern PAIR =
      Pattern.compile("([A-Za-z_]{1,40}) ?= ?('(?:[^'\\\\]|\\\\.)*+'|[^\\s']*+)");

  private static final Pattern PLACE =
      Pattern.compile(
          "(?:(?:tcp|unix)\\([A-Za-z0-9._:/\\[\\]-]*+\\)|[A-Za-z0-9._:,\\[\\]-]*+)/[A-Za-z0-9._-]*+");

  private static final Pattern FILE = Pattern.compile("(?:file:)?[A-Za-z0-9._/-]++");

  private ConnectionString() {}

  static String withoutCredentials(String text) {
    int at = text.lastIndexOf('@');
    int scheme = text.indexOf("://");
    if (scheme > 0 && text.substring(0, scheme).matches("[a-z0-9+]{1,20}")) {
      String rest = text.substring(Math.max(scheme + 3, at + 1));
      return text.substring(0, scheme + 3) + place(rest);
    }
    if (at >= 0) {
      return place(text.substring(at + 1));
    }
    if (text.startsWith("tcp(") || text.startsWith("unix(")) {
      return place(text);
    }
    List<String> pairs = new ArrayList<>();
    Matcher pair = PAIR.matcher(text);
    while (pair.find()) {
      if (KEPT.contains(pair.group(1).toLowerCase(Locale.ROOT))) {
        pairs.add(pair.group());
      }
    }
    if (!pairs.isEmpty()) {
      return Redaction.text(String.join(" ", pairs));
    }
    int query = text.indexOf('?');
    String path = query < 0 ? text : text.substring(0, query);
    boolean file = path.indexOf('/') >= 0 && FILE.matcher(path).matches();
    return file ? Redaction.text(path) : Redaction.HIDDEN;
  }

  private static String place(String rest) {
    Matcher place = PLACE.matcher(rest);
    return place.lookingAt() ? Redaction.text(place.group()) : Redaction.HIDDEN;
  }
}
