package org.spiredoctor.kube;

import java.util.ArrayList;
import java.util.List;

/**
 * Recognizes private keys in PEM: whole, without their beginning, without their end, or only lines
 * from the middle; with line ends as they are, or written as {@code \n}.
 */
final class PrivateKeys {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String KEY = "PRIVATE KEY";
  private static final int LONGEST_LABEL = 64;

  /** No word of prose. */
  private static final int LONG_LINE = 40;

  private PrivateKeys() {}

  /**
   * A line without indentation and quotes.
   *
   * @param base64 whether it can be a line of a PEM body
   */
  private record Piece(int from, int to, boolean base64) {}

  static void mark(Marks marks) {
    String text = marks.text();
    List<Piece> pieces = pieces(text);
    boolean open = false;
    int group = 0;
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      if (piece.base64()) {
        if (open) {
          marks.hide(piece.from(), piece.to());
        }
        continue;
      }
      boolean ends = opensWith(text, piece, END);
      close(marks, pieces.subList(group, i), ends);
      group = i + 1;
      open = inside(marks, piece) || (open && isHeader(text, piece));
    }
    close(marks, pieces.subList(group, pieces.size()), false);
  }

  /** Lines of Base64, one of which is long, belong to one block. */
  private static void close(Marks marks, List<Piece> group, boolean beforeEnd) {
    boolean block = beforeEnd || group.stream().anyMatch(piece -> isLongLine(marks.text(), piece));
    if (block) {
      group.forEach(piece -> marks.hide(piece.from(), piece.to()));
    }
  }

  private static boolean isLongLine(String text, Piece piece) {
    if (piece.to() - piece.from() < LONG_LINE) {
      return false;
    }
    boolean lower = false;
    boolean upper = false;
    boolean other = false;
    for (int i = piece.from(); i < piece.to(); i++) {
      char c = text.charAt(i);
      lower |= Chars.isLower(c);
      upper |= Chars.isUpper(c);
      other |= Chars.isDigit(c) || c == '+' || c == '=';
    }
    return lower && upper && other;
  }

  /** Hides what of a key is in a line beside other text; whether it goes on in the next. */
  private static boolean inside(Marks marks, Piece piece) {
    String text = marks.text();
    int at = piece.from();
    boolean open = false;
    int begin = text.indexOf(BEGIN, at, piece.to());
    int end = text.indexOf(END, at, piece.to());
    while (at < piece.to()) {
      // Each is looked for only behind the last one, so that the time stays linear.
      begin = begin >= 0 && begin < at ? text.indexOf(BEGIN, at, piece.to()) : begin;
      end = end >= 0 && end < at ? text.indexOf(END, at, piece.to()) : end;
      if (open) {
        int until = end < 0 ? piece.to() : afterLabel(text, end, piece.to());
        marks.hide(at, until);
        open = end < 0;
        at = until;
      } else if (end >= 0 && (begin < 0 || end < begin)) {
        if (labelled(text, end, piece.to())) {
          marks.hide(bodyBefore(text, at, end), end);
        }
        at = end + END.length();
      } else if (begin >= 0) {
        open = labelled(text, begin, piece.to());
        marks.hide(begin, open ? begin + BEGIN.length() : begin);
        at = begin + BEGIN.length();
      } else {
        return false;
      }
    }
    return open;
  }

  private static int bodyBefore(String text, int from, int end) {
    int at = end;
    while (at > from && (Chars.isBase64(text.charAt(at - 1)) || text.charAt(at - 1) == ' ')) {
      at--;
    }
    return at;
  }

  private static int afterLabel(String text, int marker, int to) {
    int dashes = text.indexOf("-----", marker + END.length(), Math.min(to, marker + LONGEST_LABEL));
    return dashes < 0 ? to : dashes + 5;
  }

  private static boolean labelled(String text, int marker, int to) {
    int key = text.indexOf(KEY, marker, Math.min(to, marker + LONGEST_LABEL));
    int dashes = text.indexOf("-----", marker + 5, Math.min(to, marker + LONGEST_LABEL));
    return key >= 0 && (dashes < 0 || key < dashes);
  }

  private static boolean opensWith(String text, Piece piece, String marker) {
    return text.startsWith(marker, piece.from()) && labelled(text, piece.from(), piece.to());
  }

  private static boolean isHeader(String text, Piece piece) {
    return text.startsWith("Proc-Type:", piece.from())
        || text.startsWith("DEK-Info:", piece.from());
  }

  private static List<Piece> pieces(String text) {
    List<Piece> pieces = new ArrayList<>();
    int from = 0;
    int at = 0;
    while (at <= text.length()) {
      int width = at == text.length() ? 1 : lineEnd(text, at);
      if (width > 0) {
        Piece piece = piece(text, from, at);
        if (piece.from() < piece.to()) {
          pieces.add(piece);
        }
        from = at + width;
      }
      at += Math.max(width, 1);
    }
    return pieces;
  }

  /** How many characters end a line here: one that does, or such as {@code \\n}. */
  private static int lineEnd(String text, int at) {
    if (Chars.isLineEnd(text.charAt(at))) {
      return 1;
    }
    if (text.charAt(at) != '\\') {
      return 0;
    }
    int end = at;
    while (end < text.length() && text.charAt(end) == '\\') {
      end++;
    }
    boolean escaped = end < text.length() && (text.charAt(end) == 'n' || text.charAt(end) == 'r');
    return end - at + (escaped ? 1 : 0);
  }

  private static Piece piece(String text, int from, int to) {
    int begin = from;
    int end = to;
    while (begin < end && isAround(text.charAt(begin))) {
      begin++;
    }
    while (end > begin && isAround(text.charAt(end - 1))) {
      end--;
    }
    boolean base64 = true;
    for (int i = begin; i < end && base64; i++) {
      char c = text.charAt(i);
      base64 = Chars.isBase64(c) && c != '-' && c != '_';
    }
    return new Piece(begin, end, base64);
  }

  private static boolean isAround(char c) {
    return Character.isWhitespace(c) || Chars.isQuote(c) || c == ',';
  }
}
