package org.spiredoctor.diagnosis.rules.svid;

import static org.spiredoctor.diagnosis.Scene.NOW;

import io.grpc.Status.Code;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.spire.JwtSvidFacts;

class JwtAudienceMissingTest {
  private static final String ID = "spiffe://example.org/web";

  @Test
  void jwtAudienceMissing() {
    JwtSvidFacts good =
        new JwtSvidFacts(ID, List.of("api"), Optional.of(NOW.plusSeconds(60)), Optional.empty());
    Expect.healthy(Scene.served().jwt("api", good));
    Expect.first("jwt-audience-missing", Scene.served().jwt("other", good));
    Expect.first(
        "jwt-audience-missing",
        Scene.served().jwtRefused("", Code.INVALID_ARGUMENT, "audience must be specified"));
    Expect.first(
        "svid-invalid",
        Scene.served()
            .jwt(
                "api",
                new JwtSvidFacts(
                    ID, List.of("api"), Optional.of(NOW), Optional.of("token has expired"))));
  }
}
