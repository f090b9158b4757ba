package org.spiredoctor.kube;

/** Tells random Base64 from names, paths, hexadecimal digests and words in camel case. */
final class Opaque {
  private static final int SHORTEST = 20;

  /** No name without a hyphen or the like is so long. */
  private static final int LONGEST_NAME = 40;

  /** Of {@link #oddity}; names such as {@code K8sPSATNodeAttestorV1} stay below. */
  private static final int ODD = 6;

  private Opaque() {}

  /** Hides random Base64 anywhere in a text. */
  static void mark(Marks marks) {
    String text = marks.text();
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && Chars.isBase64(text.charAt(end))) {
        end++;
      }
      if (end - at >= SHORTEST && isOpaque(text, at, end)) {
        marks.hide(at, end);
      }
      at = Math.max(end, at + 1);
    }
  }

  /** Whether this part of a text, all of it Base64 characters, looks random. */
  static boolean isOpaque(String text, int from, int to) {
    boolean lower = false;
    boolean upper = false;
    boolean digit = false;
    int stretch = 0;
    int longest = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      lower |= Chars.isLower(c);
      upper |= Chars.isUpper(c);
      digit |= Chars.isDigit(c);
      stretch = Chars.isAlphanumeric(c) ? stretch + 1 : 0;
      longest = Math.max(longest, stretch);
    }
    if (!lower || !upper) {
      return false;
    }
    // 40 characters are the length of AWS's secrets.
    int enough = to - from == LONGEST_NAME && digit ? ODD / 2 : ODD;
    return longest >= LONGEST_NAME || oddity(text, from, to, enough) >= enough;
  }

  /**
   * How often, in parts with small and capital letters, the class of characters changes as it does
   * not in words: a single character of its class, or a digit beside a letter.
   */
  private static int oddity(String text, int from, int to, int enough) {
    int odd = 0;
    int at = from;
    while (at < to && odd < enough) {
      int end = at;
      boolean lower = false;
      boolean upper = false;
      while (end < to && Chars.isAlphanumeric(text.charAt(end))) {
        lower |= Chars.isLower(text.charAt(end));
        upper |= Chars.isUpper(text.charAt(end));
        end++;
      }
      if (lower && upper) {
        odd += oddityOfPart(text, at, end);
      }
      at = Math.max(end, at + 1);
    }
    return odd;
  }

  private static int oddityOfPart(String text, int from, int to) {
    int odd = 0;
    for (int i = from; i < to; i++) {
      int before = i > from ? kind(text.charAt(i - 1)) : -1;
      int kind = kind(text.charAt(i));
      int after = i + 1 < to ? kind(text.charAt(i + 1)) : -1;
      boolean beginsWord = kind == 1 && after == 0;
      if (before != kind && after != kind && !beginsWord) {
        odd++;
      }
      if (before >= 0 && before != kind && (before == 2 || kind == 2)) {
        odd++;
      }
    }
    return odd;
  }

  private static int kind(char c) {
    return Chars.isLower(c) ? 0 : Chars.isUpper(c) ? 1 : 2;
  }
}
