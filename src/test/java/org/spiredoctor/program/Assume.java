package org.spiredoctor.program;

import org.junit.jupiter.api.Assumptions;

/** Leaves tests out, and says so in one line. */
final class Assume {
  private Assume() {}

  static void that(boolean given, String tests, String needed) {
    if (!given) {
      System.out.println("left out: " + tests + " (need " + needed + ")");
    }
    Assumptions.assumeTrue(given, tests + " need " + needed);
  }
}
