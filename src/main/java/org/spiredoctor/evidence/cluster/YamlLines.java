package org.spiredoctor.evidence.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * Reads settings that stand on lines of their own, in YAML or JSON. The text is untrusted, so it is
 * read once from beginning to end: a pattern that looks for a line's first word in a text of blank
 * lines takes the square of its length.
 */
final class YamlLines {
  private static final String BLANK = " \t\r\n\f\u000b";

  private final String text;

  YamlLines(String text) {
    this.text = text;
  }

  /** The first word of a setting, without its quotes; the first such setting that has one. */
  Optional<String> value(String setting) {
    for (int at = after(setting, 0); at >= 0; at = after(setting, at)) {
      int begin = skip(at, " \t");
      begin += begin < text.length() && "\"'".indexOf(text.charAt(begin)) >= 0 ? 1 : 0;
      int end = until(begin, BLANK + "\"',#");
      if (end > begin) {
        return Optional.of(text.substring(begin, end));
      }
    }
    return Optional.empty();
  }

  /** Whether a setting is there, and is the empty string. */
  boolean isEmpty(String setting) {
    for (int at = after(setting, 0); at >= 0; at = after(setting, at)) {
      String rest = text.substring(at, until(at, "\n")).strip();
      String value = rest.endsWith(",") ? rest.substring(0, rest.length() - 1).strip() : rest;
      if (value.equals("\"\"") || value.equals("''")) {
        return true;
      }
    }
    return false;
  }

  /** The items of a list, in brackets or one a line; absent when there is no such list. */
  Optional<List<String>> list(String setting) {
    int at = after(setting, 0);
    int begin = at < 0 ? text.length() : skip(at, BLANK);
    if (begin == text.length() || "[-".indexOf(text.charAt(begin)) < 0) {
      return Optional.empty();
    }
    int end = text.charAt(begin) == '[' ? until(begin, "]") : endOfItems(begin);
    List<String> items = new ArrayList<>();
    StringTokenizer words = new StringTokenizer(text.substring(begin, end), BLANK + "[],\"'");
    while (words.hasMoreTokens()) {
      String word = words.nextToken();
      int first = 0;
      while (first < word.length() && word.charAt(first) == '-') {
        first++;
      }
      if (first < word.length()) {
        items.add(word.substring(first));
      }
    }
    return Optional.of(List.copyOf(items));
  }

  /** Behind the last of the lines that begin with a dash. */
  private int endOfItems(int begin) {
    int end = begin;
    int next = begin;
    while (next < text.length() && text.charAt(next) == '-') {
      end = until(next, "\n");
      next = skip(end, BLANK);
    }
    return end;
  }

  /** Behind the colon of a setting that a line begins with; -1 when there is none. */
  private int after(String setting, int from) {
    for (int found = text.indexOf(setting, from);
        found >= 0;
        found = text.indexOf(setting, found + setting.length())) {
      int end = found + setting.length();
      end += end < text.length() && text.charAt(end) == '"' ? 1 : 0;
      end = skip(end, " \t");
      if (end < text.length() && text.charAt(end) == ':' && beginsLine(found)) {
        return end + 1;
      }
    }
    return -1;
  }

  private boolean beginsLine(int found) {
    int before = found - 1;
    if (before >= 0 && text.charAt(before) == '"') {
      before--;
    }
    // What is behind it was a name and a colon, so that no stretch is gone over twice.
    while (before >= 0 && " \t\r".indexOf(text.charAt(before)) >= 0) {
      before--;
    }
    return before < 0 || text.charAt(before) == '\n';
  }

  private int skip(int from, String what) {
    int at = from;
    while (at < text.length() && what.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private int until(int from, String what) {
    int at = from;
    while (at < text.length() && what.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }
}
