package org.spiredoctor.pod;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What the kernel says of mounts. */
public final class FuzzedMountinfo {
  private FuzzedMountinfo() {}

  /** Reads it, whatever it is. */
  public static void fuzzerTestOneInput(byte[] data) {
    Mount.holding(
        Path.of("/spire-socket/api.sock"), Mount.parse(new String(data, StandardCharsets.UTF_8)));
  }
}
