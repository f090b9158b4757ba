package org.spiredoctor.run.gotest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** What a Go test program prints. */
public final class FuzzedGoOutput {
  private FuzzedGoOutput() {}

  /** Reads it, whatever it is. */
  public static void fuzzerTestOneInput(byte[] data) {
    GoTestOutput output = new GoTestOutput();
    new String(data, StandardCharsets.UTF_8).lines().forEach(output::line);
    JUnitXml.render("suite", Instant.EPOCH, output.results(), 1);
  }
}
