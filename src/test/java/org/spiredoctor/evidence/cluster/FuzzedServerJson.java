package org.spiredoctor.evidence.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** What spire-server prints. */
public final class FuzzedServerJson {
  private FuzzedServerJson() {}

  /** Reads it, whatever it is. */
  public static void fuzzerTestOneInput(byte[] data) {
    ServerJson json = new ServerJson();
    List<Reader> readers =
        List.of(
            json::entries,
            json::agents,
            json::results,
            ServerTrustJson::bundle,
            ServerTrustJson::bundles,
            ServerTrustJson::relationships,
            ServerTrustJson::info);
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
