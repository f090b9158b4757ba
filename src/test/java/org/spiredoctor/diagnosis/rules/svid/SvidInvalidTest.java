package org.spiredoctor.diagnosis.rules.svid;

import static org.spiredoctor.diagnosis.Scene.svid;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.spire.BundleFacts;
import org.spiredoctor.spire.X509SvidFacts;

class SvidInvalidTest {
  private static final String ID = "spiffe://example.org/web";

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
}
