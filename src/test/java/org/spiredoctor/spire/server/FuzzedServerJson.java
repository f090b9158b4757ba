package org.spiredoctor.spire.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.spiredoctor.kube.Redaction;

/** What spire-server prints. */
public final class FuzzedServerJson {
  private FuzzedServerJson() {}

  /** Reads it, whatever it is. */
  public static void fuzzerTestOneInput(byte[] data) {
    ServerJson json = new ServerJson(Redaction::text);
    ServerTrustJson trust = new ServerTrustJson(Redaction::text);
    List<Reader> readers =
        List.of(
            json::entries,
            json::agents,
            json::results,
            trust::bundle,
            trust::bundles,
            trust::relationships,
            trust::info);
    for (Reader reader : readers) {
      try {
        reader.read(new ByteArrayInputStream(data));
      } catch (IOException e) {
        // It is none of these, and says so.
      }
    }
  }

  private interface Reader {
    Object read(InputStream in) throws IOException;
  }
}
