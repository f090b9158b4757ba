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
import java.util.Optional;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.identity.TrustBundle.JwtAuthority;
import org.spiredoctor.identity.TrustBundle.X509Authority;
import org.spiredoctor.spire.Authorities;

/** Reads one {@code spire.api.types.Bundle}. */
final class TrustReader {
  private final CodedInputStream in;

  private final List<X509Authority> x509Authorities = new ArrayList<>();
  private final List<JwtAuthority> jwtAuthorities = new ArrayList<>();
  private String trustDomain = "";
  private long refreshHint;
  private long sequenceNumber;

  private TrustReader(CodedInputStream in) {
    this.in = in;
  }

  /** One that is a field. */
  static TrustBundle nested(CodedInputStream in) throws IOException {
    TrustReader reader = new TrustReader(in);
    Wire.nested(in, reader::take);
    return reader.bundle();
  }

  /** One that is the whole message. */
  static TrustBundle whole(CodedInputStream in) throws IOException {
    TrustReader reader = new TrustReader(in);
    Wire.message(in, reader::take);
    return reader.bundle();
  }

  private boolean take(int tag) throws IOException {
    switch (tag) {
      case 1 << FIELD | BYTES -> trustDomain = in.readString();
      case 2 << FIELD | BYTES -> x509Authorities.add(x509(in));
      case 3 << FIELD | BYTES -> jwtAuthorities.add(jwt(in));
      case 4 << FIELD | NUMBER -> refreshHint = in.readInt64();
      case 5 << FIELD | NUMBER -> sequenceNumber = in.readUInt64();
      default -> {
        return false;
      }
    }
    return true;
  }

  private TrustBundle bundle() {
    return new TrustBundle(
        trustDomain,
        List.copyOf(x509Authorities),
        List.copyOf(jwtAuthorities),
        sequenceNumber,
        refreshHint == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(refreshHint)));
  }

  private static X509Authority x509(CodedInputStream in) throws IOException {
    byte[][] der = {{}};
    boolean[] tainted = {false};
    Wire.nested(
        in,
        tag -> {
          switch (tag) {
            case 1 << FIELD | BYTES -> der[0] = in.readByteArray();
            case 2 << FIELD | NUMBER -> tainted[0] = in.readBool();
            default -> {
              return false;
            }
          }
          return true;
        });
    return Authorities.x509(der[0], tainted[0]);
  }

  private static JwtAuthority jwt(CodedInputStream in) throws IOException {
    String[] keyId = {""};
    List<Instant> expiresAt = new ArrayList<>();
    boolean[] tainted = {false};
    Wire.nested(
        in,
        tag -> {
          switch (tag) {
            case 2 << FIELD | BYTES -> keyId[0] = in.readString();
            case 3 << FIELD | NUMBER -> Wire.seconds(in).ifPresent(expiresAt::add);
            case 4 << FIELD | NUMBER -> tainted[0] = in.readBool();
            default -> {
              return false;
            }
          }
          return true;
        });
    return new JwtAuthority(keyId[0], expiresAt.stream().findFirst(), tainted[0]);
  }
}
