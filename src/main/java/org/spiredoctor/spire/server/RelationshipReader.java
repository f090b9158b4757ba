package org.spiredoctor.spire.server;

import static org.spiredoctor.spire.server.Wire.BYTES;
import static org.spiredoctor.spire.server.Wire.FIELD;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.util.Optional;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.FederationRelationship.Profile;
import org.spiredoctor.spire.Authorities;

/** Reads one {@code spire.api.types.FederationRelationship}. */
final class RelationshipReader {
  private final CodedInputStream in;

  private String trustDomain = "";
  private String url = "";
  private Profile profile = Profile.OTHER;
  private String endpointSpiffeId = "";

  private RelationshipReader(CodedInputStream in) {
    this.in = in;
  }

  static FederationRelationship read(CodedInputStream in) throws IOException {
    RelationshipReader reader = new RelationshipReader(in);
    Wire.nested(in, reader::take);
    return new FederationRelationship(
        reader.trustDomain,
        Authorities.withoutUserInfo(reader.url),
        reader.profile,
        Optional.of(reader.endpointSpiffeId).filter(id -> !id.isEmpty()));
  }

  private boolean take(int tag) throws IOException {
    switch (tag) {
      case 1 << FIELD | BYTES -> trustDomain = in.readString();
      case 2 << FIELD | BYTES -> url = in.readString();
      case 3 << FIELD | BYTES -> {
        profile = Profile.HTTPS_WEB;
        return false;
      }
      case 4 << FIELD | BYTES -> {
        profile = Profile.HTTPS_SPIFFE;
        Wire.nested(in, this::takeSpiffe);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean takeSpiffe(int tag) throws IOException {
    if (tag == (1 << FIELD | BYTES)) {
      endpointSpiffeId = in.readString();
      return true;
    }
    return false;
  }
}
