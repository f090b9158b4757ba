package org.spiredoctor.diagnosis;

import java.util.Locale;

/** English, as far as it depends on what is seen. */
public final class Words {
  private Words() {}

  /** {@code 10,000}, whatever the locale. */
  public static String number(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /** {@code 1 pod}, {@code 2 pods}, {@code 10,000 pods}. */
  public static String counted(long n, String noun) {
    return number(n) + " " + noun + (n == 1 ? "" : "s");
  }
}
