package org.spiredoctor.diagnosis.rules;

import static org.spiredoctor.diagnosis.Scene.NOW;
import static org.spiredoctor.diagnosis.Scene.svid;

import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.spire.BundleFacts;
import org.spiredoctor.spire.JwtSvidFacts;
import org.spiredoctor.spire.X509SvidFacts;

/** Each rule of {@code diagnosis.rules.svid}. */
class SvidRulesTest {
  private static final String ID = "spiffe://example.org/web";

  @Test
  void svidExpired() {
    Expect.first(
        "svid-expired", Scene.pod().answer(svid(ID, NOW.minusSeconds(7200), NOW.minusSeconds(1))));
  }

  @Test
  void clockSkew() {
    Expect.first(
        "clock-skew", Scene.pod().answer(svid(ID, NOW.plusSeconds(300), NOW.plusSeconds(3900))));
  }

  @Test
  void svidInvalid() {
    X509SvidFacts good = svid(ID);
    Expect.first(
        "svid-invalid",
        Scene.pod()
            .answer(
                new X509SvidFacts(
                    ID, "", good.validity(), Optional.of("wrong key"), Optional.empty())));
    Expect.first(
        "svid-invalid",
        Scene.pod()
            .answer(
                new X509SvidFacts(
                    ID, "", good.validity(), Optional.empty(), Optional.of("no path"))));
    Expect.first(
        "svid-invalid",
        Scene.pod().bundle(new BundleFacts("example.org", 0, Optional.of("not DER")), good));
  }

  @Test
  void trustDomainMismatch() {
    Expect.first("trust-domain-mismatch", Scene.served().expectingDomain("other.test"));
    // It explains that the identity is another one too.
    Expect.first(
        "trust-domain-mismatch",
        Scene.served().expectingDomain("other.test").expecting("spiffe://other.test/web"));
    Expect.first("trust-domain-mismatch", Scene.served().expectingDomain("example"));
    Expect.healthy(Scene.served().expectingDomain("example.org"));
  }

  @Test
  void federationBundleMissing() {
    Expect.first("federation-bundle-missing", Scene.served().federatesWith("partner.test"));
    Expect.healthy(Scene.served().federatesWith("example.org"));
  }

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

  @Test
  void bundleTooLarge() {
    Expect.first("bundle-too-large", Scene.pod().answer(Duration.ofMillis(9), 5_000_000, svid(ID)));
    Expect.first(
        "bundle-too-large",
        Scene.status(
            Code.RESOURCE_EXHAUSTED, "gRPC message exceeds maximum size 67108864: 70000000"));
  }
}
