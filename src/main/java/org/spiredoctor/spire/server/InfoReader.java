package org.spiredoctor.spire.server;

import static org.spiredoctor.spire.server.Wire.BYTES;
import static org.spiredoctor.spire.server.Wire.FIELD;
import static org.spiredoctor.spire.server.Wire.NUMBER;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.spiredoctor.identity.Pool;
import org.spiredoctor.identity.ServerInfo;

/** Reads a {@code GetInfoResponse} of {@code spire.api.server.debug.v1}. */
final class InfoReader {
  private InfoReader() {}

  static ServerInfo read(CodedInputStream in) throws IOException {
    List<ServerInfo.Certificate> chain = new ArrayList<>();
    long[] uptime = {0};
    Wire.message(
        in,
        tag -> {
          switch (tag) {
            case 1 << FIELD | BYTES -> chain.add(certificate(in));
            case 2 << FIELD | NUMBER -> uptime[0] = in.readInt32();
            default -> {
              return false;
            }
          }
          return true;
        });
    return new ServerInfo(Duration.ofSeconds(uptime[0]), List.copyOf(chain));
  }

  private static ServerInfo.Certificate certificate(CodedInputStream in) throws IOException {
    String[] texts = {"", ""};
    List<Instant> expiresAt = new ArrayList<>();
    Wire.nested(
        in,
        tag -> {
          switch (tag) {
            case 1 << FIELD | BYTES -> texts[0] = Wire.id(in, new Pool());
            case 2 << FIELD | NUMBER -> Wire.seconds(in).ifPresent(expiresAt::add);
            case 3 << FIELD | BYTES -> texts[1] = in.readString();
            default -> {
              return false;
            }
          }
          return true;
        });
    return new ServerInfo.Certificate(texts[0], texts[1], expiresAt.stream().findFirst());
  }
}
