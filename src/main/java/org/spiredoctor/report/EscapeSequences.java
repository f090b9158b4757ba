package org.spiredoctor.report;

/** Where the control sequences of a terminal end, ECMA-48. */
final class EscapeSequences {
  private static final char ESCAPE = '\u001b';
  private static final char BELL = '\u0007';
  private static final char CANCEL = '\u0018';
  private static final char SUBSTITUTE = '\u001a';
  private static final char STRING_END = '\u009c';

  /** An 8-bit control character is its 7-bit form's second character and this. */
  private static final int EIGHT_BIT = 0x40;

  private EscapeSequences() {}

  /**
   * Behind the sequence that begins at a place, or the place itself where none begins. One that is
   * not complete ends with the text; one that is broken ends before what does not belong to it.
   */
  static int end(String text, int at) {
    char first = text.charAt(at);
    if (first == ESCAPE) {
      return at + 1 < text.length() ? introduced(text, text.charAt(at + 1), at + 2) : at + 1;
    }
    return first >= '\u0080' && first <= '\u009f'
        ? introduced(text, (char) (first - EIGHT_BIT), at + 1)
        : at;
  }

  private static int introduced(String text, char kind, int from) {
    return switch (kind) {
      case '[' -> last(text, spanned(text, spanned(text, from, '0', '?'), ' ', '/'), '@', '~');
      case ']' -> string(text, from, true);
      case 'P', 'X', '^', '_' -> string(text, from, false);
      default -> last(text, spanned(text, from - 1, ' ', '/'), '0', '~');
    };
  }

  /** Behind all characters of a range. */
  private static int spanned(String text, int from, char lowest, char highest) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= lowest && text.charAt(at) <= highest) {
      at++;
    }
    return at;
  }

  /** Behind one character of a range, if it is there. */
  private static int last(String text, int at, char lowest, char highest) {
    return at < text.length() && text.charAt(at) >= lowest && text.charAt(at) <= highest
        ? at + 1
        : at;
  }

  /** Another escape sequence cuts a string off, and is not part of it. */
  private static int string(String text, int from, boolean endsWithBell) {
    for (int at = from; at < text.length(); at++) {
      switch (text.charAt(at)) {
        case STRING_END, CANCEL, SUBSTITUTE -> {
          return at + 1;
        }
        case BELL -> {
          if (endsWithBell) {
            return at + 1;
          }
        }
        case ESCAPE -> {
          return text.startsWith("\\", at + 1) ? at + 2 : at;
        }
        default -> {
          // Part of the string.
        }
      }
    }
    return text.length();
  }
}
