package org.spiredoctor.kube;

import org.spiredoctor.kube.SecretValues.Place;

/** Where names stand in a text. */
final class NamePlaces {
  private static final int LONGEST_PEEK = 64;

  private static final String EXPORT = "export";

  private final String text;

  NamePlaces(String text) {
    this.text = text;
  }

  Place place(int from, boolean quoted) {
    if (quoted) {
      return Place.QUOTED;
    }
    if (beginsLine(from)) {
      return Place.LINE;
    }
    return isEscape(from, "nr") ? Place.ESCAPED_LINE : Place.WITHIN;
  }

  /** Whether its first letter is one of these behind a backslash, as of a line end in writing. */
  boolean isEscape(int from, String letters) {
    return from > 0 && text.charAt(from - 1) == '\\' && letters.indexOf(text.charAt(from)) >= 0;
  }

  /** Whether it is a parameter of an address. */
  boolean isParameter(int from) {
    return from > 0 && (text.charAt(from - 1) == '?' || text.charAt(from - 1) == '&');
  }

  /** {@code pod-label:token:web} says which label. */
  boolean isSelector(int from) {
    return text.startsWith("label:", from - "label:".length());
  }

  boolean followsProse(int from) {
    return from > 2
        && text.charAt(from - 1) == ' '
        && Character.isLetter(text.charAt(from - 2))
        && !beginsLine(from);
  }

  /** Whether the name is the first in its line, but for a list's hyphen or {@code export}. */
  private boolean beginsLine(int from) {
    int at = from - 1;
    while (at >= 0
        && from - at < LONGEST_PEEK
        && (Chars.isBlank(text.charAt(at)) || text.charAt(at) == '-')) {
      at--;
    }
    if (at >= 5 && text.startsWith(EXPORT, at - 5)) {
      at -= 6;
    }
    return at < 0 || Chars.isLineEnd(text.charAt(at));
  }
}
