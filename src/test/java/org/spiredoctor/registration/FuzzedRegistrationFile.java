package org.spiredoctor.registration;

import java.nio.charset.StandardCharsets;

/** A file that declares entries. */
public final class FuzzedRegistrationFile {
  private FuzzedRegistrationFile() {}

  /** Reads it, whatever it is. */
  public static void fuzzerTestOneInput(byte[] data) {
    RegistrationFile.read("file", new String(data, StandardCharsets.UTF_8));
  }
}
