package org.spiredoctor.identity;

/** Misspellings: how two words differ that were meant to be one. */
public final class Misspelling {
  private Misspelling() {}

  /** How many letters they differ in. */
  public static int distance(String one, String other) {
    return EditDistance.of(one, other, Math.max(one.length(), other.length()));
  }

  /** How many letters of words so long may be slips. */
  static int allowed(int length, int otherLength) {
    return Math.clamp(Math.max(length, otherLength) / 4, 1, 3);
  }

  /** Whether one may have been meant to be the other. */
  public static boolean isSlip(String one, String other) {
    int allowed = allowed(one.length(), other.length());
    return !one.equals(other)
        && EditDistance.of(one, other, allowed) <= allowed
        && !otherNumbers(one, other);
  }

  /** Whether they have the same letters in another order. */
  public static boolean isTransposed(String one, String other) {
    return !one.equals(other) && sorted(one).equals(sorted(other));
  }

  private static String sorted(String word) {
    return word.chars()
        .sorted()
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Whether they differ in a number: {@code web-1} and {@code web-2} are two things. */
  private static boolean otherNumbers(String one, String other) {
    String digits = digits(one);
    String otherDigits = digits(other);
    boolean numbers = digits.equals(one) || otherDigits.equals(other);
    return numbers || (!digits.isEmpty() && !otherDigits.isEmpty() && !digits.equals(otherDigits));
  }

  /** Its digits: of two words that both have some they are the same, or neither is a slip. */
  static String digits(String text) {
    return text.chars()
        .filter(Character::isDigit)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
