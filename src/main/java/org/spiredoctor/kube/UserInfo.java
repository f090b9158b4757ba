package org.spiredoctor.kube;

import java.util.List;
import java.util.stream.Stream;

/** Recognizes user and password in addresses: {@code scheme://user:password@host} and DSNs. */
final class UserInfo {
  /** How selectors of SPIRE's own attestors begin; a join token is no address. */
  private static final List<String> SELECTORS =
      List.of("k8s:", "unix:", "docker:", "systemd:", "windows:", "label:", "image-signature-");

  /** What begins behind the {@code @} of a data source name, and of no selector. */
  private static final List<String> DATABASES = List.of("tcp(", "unix(", "/", "(");

  private static final int LONGEST_ALGORITHM = 12;

  /** In an address a port can be there; it has fewer digits. */
  private static final int LONGER_THAN_PORT = 6;

  private UserInfo() {}

  /**
   * Hides them.
   *
   * @param free whether it is free text: {@code team/web@node} can be the name of an object
   */
  static void mark(Marks marks, boolean free) {
    String text = marks.text();
    int at = 0;
    while (at < text.length()) {
      int end = endOfWord(text, at);
      if (end == at) {
        at++;
        continue;
      }
      word(marks, at, end, free);
      at = end;
    }
  }

  private static int endOfWord(String text, int from) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Chars.isSpace(c) || c == '"' || c == '`' || c == '<' || c == '>') {
        break;
      }
      at++;
    }
    return at;
  }

  private static void word(Marks marks, int from, int end, boolean free) {
    String text = marks.text();
    int scheme = text.indexOf("://", from, end);
    if (scheme < 0) {
      dsn(marks, from, end, free);
      return;
    }
    dsn(marks, from, scheme, free);
    while (scheme >= 0) {
      int start = scheme + 3;
      int authority = endOfAuthority(text, start, end);
      int at = lastAt(text, start, authority, LONGER_THAN_PORT);
      if (at < 0 && !hasPort(text, start, authority)) {
        // A password that holds a slash.
        int next = text.indexOf("://", start, end);
        at = lastAt(text, start, next < 0 ? end : next, LONGER_THAN_PORT);
      }
      if (at > 0) {
        marks.hide(start, at);
      }
      scheme = text.indexOf("://", Math.max(authority, at), end);
    }
  }

  private static int endOfAuthority(String text, int from, int end) {
    int at = from;
    while (at < end && "/?#".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  /** Whether what is behind the colon, if there is one, can be a port, and no password. */
  private static boolean hasPort(String text, int from, int end) {
    int colon = text.indexOf(':', from, end);
    if (colon < 0) {
      return true;
    }
    if (end < text.length() && (text.charAt(end) == '?' || text.charAt(end) == '#')) {
      return false;
    }
    int at = colon + 1;
    while (at < end && Chars.isDigit(text.charAt(at))) {
      at++;
    }
    return at == end && at > colon + 1;
  }

  /**
   * {@code user:password@tcp(host)/db} and {@code user/password@host}, but neither {@code
   * image:tag@sha256:…} nor a selector such as {@code k8s:image-signature-subject:ci@example.org}.
   */
  private static void dsn(Marks marks, int from, int end, boolean free) {
    String text = marks.text();
    int first = from;
    while (first < end && "'[({,".indexOf(text.charAt(first)) >= 0) {
      first++;
    }
    int at = lastAt(text, from, end, 1);
    if (at < 0 || at + 1 >= end) {
      return;
    }
    boolean database = DATABASES.stream().anyMatch(host -> text.startsWith(host, at + 1));
    if (!database && isSelector(text, first)) {
      return;
    }
    int colon = text.indexOf(':', from, at);
    if (colon > from) {
      marks.hide(colon + 1, at);
    } else if (free) {
      Oracle.mark(marks, from, at, end);
    }
  }

  private static boolean isSelector(String text, int from) {
    return Stream.concat(SELECTORS.stream(), NamePlaces.NODE_TYPES.stream())
        .anyMatch(type -> text.startsWith(type, from));
  }

  /**
   * The last {@code @} that is not that of a digest.
   *
   * @param shortest the fewest digits of one
   */
  private static int lastAt(String text, int from, int end, int shortest) {
    for (int at = end - 1; at >= from; at--) {
      if (text.charAt(at) == '@' && !isDigest(text, at + 1, shortest)) {
        return at;
      }
    }
    return -1;
  }

  /** {@code sha256:} and hexadecimal digits; a host can be called so too. */
  private static boolean isDigest(String text, int from, int shortest) {
    int at = from;
    while (at < text.length() && at < from + LONGEST_ALGORITHM && text.charAt(at) != ':') {
      at++;
    }
    int digits = at + 1;
    while (digits < text.length() && digits <= at + shortest && isHex(text.charAt(digits))) {
      digits++;
    }
    return text.startsWith("sha", from) && digits > at + shortest;
  }

  private static boolean isHex(char c) {
    return Chars.isDigit(c) || (c >= 'a' && c <= 'f');
  }
}
