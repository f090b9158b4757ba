package org.spiredoctor.run.binary;

/** Looks for bytes in what comes in pieces: Knuth, Morris and Pratt. */
final class ByteSearch {
  private final byte[] wanted;

  /** How many of the first bytes are still there when the one behind so many does not match. */
  private final int[] fallback;

  private int matched;

  ByteSearch(byte[] wanted) {
    this.wanted = wanted.clone();
    fallback = new int[wanted.length + 1];
    int length = 0;
    for (int i = 1; i < wanted.length; i++) {
      while (length > 0 && wanted[i] != wanted[length]) {
        length = fallback[length];
      }
      if (wanted[i] == wanted[length]) {
        length++;
      }
      fallback[i + 1] = length;
    }
  }

  /** Takes the next piece. */
  void in(byte[] piece, int length) {
    for (int i = 0; i < length && !found(); i++) {
      while (matched > 0 && piece[i] != wanted[matched]) {
        matched = fallback[matched];
      }
      if (piece[i] == wanted[matched]) {
        matched++;
      }
    }
  }

  boolean found() {
    return matched == wanted.length;
  }
}
