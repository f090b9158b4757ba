package org.spiredoctor.diagnosis;

/** English, as far as it depends on what is seen. */
public final class Words {
  private Words() {}

  /** {@code 1 pod}, {@code 2 pods}. */
  public static String counted(long n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }
}
