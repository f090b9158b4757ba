package org.spiredoctor.kube;

import java.util.List;

/** Recognizes user and password in addresses: {@code scheme://user:password@host} and DSNs. */
final class UserInfo {
  /** The types of the selectors that SPIRE's own attestors make of workloads. */
  private static final List<String> SELECTORS =
      List.of("k8s:", "unix:", "docker:", "systemd:", "windows:");

  private UserInfo() {}

  static void mark(Marks marks) {
    String text = marks.text();
    int at = 0;
    while (at < text.length()) {
      int end = endOfWord(text, at);
      if (end == at) {
        at++;
        continue;
      }
      word(marks, at, end);
      at = end;
    }
  }

  private static int endOfWord(String text, int from) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Character.isWhitespace(c) || c == '"' || c == '`' || c == '<' || c == '>') {
        break;
      }
      at++;
    }
    return at;
  }

  private static void word(Marks marks, int from, int end) {
    String text = marks.text();
    int scheme = text.indexOf("://", from, end);
    if (scheme < 0) {
      dsn(marks, from, end);
      return;
    }
    dsn(marks, from, scheme);
    while (scheme >= 0) {
      int start = scheme + 3;
      int authority = endOfAuthority(text, start, end);
      int at = lastAt(text, start, authority);
      if (at < 0 && !hasPort(text, start, authority)) {
        // A password that holds a slash.
        int next = text.indexOf("://", start, end);
        at = lastAt(text, start, next < 0 ? end : next);
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
   * {@code user:password@tcp(host)/db}, but neither {@code image:tag@sha256:…} nor a selector such
   * as {@code k8s:image-signature-subject:ci@example.org}.
   */
  private static void dsn(Marks marks, int from, int end) {
    String text = marks.text();
    int first = from < end && text.charAt(from) == '\'' ? from + 1 : from;
    if (SELECTORS.stream().anyMatch(type -> text.startsWith(type, first))) {
      return;
    }
    int at = lastAt(text, from, end);
    if (at < 0 || at + 1 >= end) {
      return;
    }
    int colon = text.indexOf(':', from, at);
    if (colon > from) {
      marks.hide(colon + 1, at);
    }
  }

  /** The last {@code @} that is not that of a digest. */
  private static int lastAt(String text, int from, int end) {
    for (int at = end - 1; at >= from; at--) {
      if (text.charAt(at) == '@' && !text.startsWith("sha", at + 1)) {
        return at;
      }
    }
    return -1;
  }
}
