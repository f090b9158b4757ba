package org.spiredoctor.identity;

/** How many letters two words differ in. */
public final class EditDistance {
  private EditDistance() {}

  /**
   * The letters that a word is made of: one bit for a letter that is there, another for one that is
   * there again. Some letters share their bits.
   */
  static long letters(String word) {
    long letters = 0;
    for (int i = 0; i < word.length(); i++) {
      long once = 1L << (word.charAt(i) & 31);
      letters |= (letters & once) == 0 ? once : once << 32;
    }
    return letters;
  }

  /**
   * Whether words of these letters may be so near. A change takes one letter and brings another, so
   * they differ in twice as many bits at most: much cheaper than the distance.
   */
  static boolean mayBeWithin(int most, long letters, long others) {
    return Long.bitCount(letters ^ others) <= 2 * most;
  }

  /**
   * The edit distance: letters put in, left out, changed, or two neighbours swapped.
   *
   * @param most beyond which it does not matter; {@code most + 1} is returned then
   */
  public static int of(String one, String other, int most) {
    if (Math.abs(one.length() - other.length()) > most) {
      return most + 1;
    }
    int far = most + 1;
    int[] beforeLast = new int[other.length() + 2];
    int[] last = new int[other.length() + 2];
    int[] row = new int[other.length() + 2];
    for (int j = 0; j <= other.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      // Beyond these the lengths alone differ in more.
      int from = Math.max(1, i - most);
      int to = Math.min(other.length(), i + most);
      row[from - 1] = from == 1 ? i : far;
      row[to + 1] = far;
      int best = row[from - 1];
      for (int j = from; j <= to; j++) {
        int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
        best = Math.min(best, row[j]);
      }
      if (best > most) {
        return far;
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return Math.min(last[other.length()], far);
  }
}
