package org.spiredoctor.diagnosis.rules;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;

/** No rule finds anything in a healthy cluster. */
class HealthyClusterTest {
  @Test
  void aHealthyClusterHasNoFinding() {
    Expect.healthy(ClusterScene.healthy());
  }
}
