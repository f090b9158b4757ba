package org.spiredoctor.evidence.cluster;

import java.nio.charset.StandardCharsets;

/** A configuration of SPIRE, in HCL or JSON. */
public final class FuzzedConfig {
  private FuzzedConfig() {}

  /** Reads it, whatever it is. */
  public static void fuzzerTestOneInput(byte[] data) {
    SpireConfig config = new SpireConfig(new String(data, StandardCharsets.UTF_8));
    config.known();
    config.trustDomain();
    config.cluster();
    config.agentSocket();
    config.keys("plugins");
  }
}
