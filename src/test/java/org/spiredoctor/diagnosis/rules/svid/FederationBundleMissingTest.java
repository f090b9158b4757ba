package org.spiredoctor.diagnosis.rules.svid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;

class FederationBundleMissingTest {
  @Test
  void anEntryThatFederatesWithNothingIsToldFromOutside() {
    Finding found =
        Expect.first(
            "federation-bundle-missing", ClusterScene.healthy().federatingWith("other.org"));
    assertThat(found.remedies().getFirst().toString()).contains("-federatesWith", "other.org");
  }

  @Test
  void federationBundleMissing() {
    Expect.first("federation-bundle-missing", Scene.served().federatesWith("partner.test"));
    Expect.healthy(Scene.served().federatesWith("example.org"));
  }
}
