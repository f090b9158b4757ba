package org.spiredoctor.spire;

import java.nio.charset.StandardCharsets;

/** The address of a Workload API. */
public final class FuzzedAddress {
  private FuzzedAddress() {}

  /** Reads it, whatever it is. */
  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    try {
      Endpoint.parse(text);
      Endpoint.parseLenient(text);
    } catch (MalformedEndpointException e) {
      // It is none, and says so.
    }
  }
}
