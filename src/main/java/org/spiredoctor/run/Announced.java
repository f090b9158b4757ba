package org.spiredoctor.run;

import java.util.HexFormat;

/**
 * What is said of a file before it is sent.
 *
 * @param length in bytes
 * @param sha256 of its content, in hexadecimal digits
 */
public record Announced(long length, String sha256) {
  private static final int DIGITS = 64;

  /**
   * Checks both.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  public Announced {
    if (length < 0) {
      throw new IllegalArgumentException("a length of " + length + " bytes");
    }
    if (sha256.length() != DIGITS || !sha256.chars().allMatch(HexFormat::isHexDigit)) {
      throw new IllegalArgumentException("'" + sha256 + "' is no SHA-256: it has 64 hex digits");
    }
  }
}
