package org.spiredoctor.evidence.cluster;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/** A snapshot as a bundle has it. */
final class SavedSnapshots {
  private SavedSnapshots() {}

  static String saved(Snapshot snapshot) throws IOException {
    return new String(
        new GZIPInputStream(new ByteArrayInputStream(bundle(snapshot))).readAllBytes(),
        StandardCharsets.UTF_8);
  }

  static byte[] bundle(Snapshot snapshot) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Bundle.write(snapshot, out);
    return out.toByteArray();
  }
}
