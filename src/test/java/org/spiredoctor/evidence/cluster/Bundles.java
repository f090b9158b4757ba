package org.spiredoctor.evidence.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Reads a bundle. */
final class Bundles {
  private Bundles() {}

  static Snapshot read(String text) throws IOException {
    return Bundle.read(new ByteArrayInputStream(text.getBytes(UTF_8)), 1 << 20);
  }

  static Snapshot.ServerAnswers server(Snapshot snapshot) {
    return snapshot.servers().values().iterator().next();
  }
}
