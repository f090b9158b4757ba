package org.spiredoctor.diagnosis.rules.svid;

import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.Scene.svid;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.refused;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;

class ClockSkewTest {
  private static final String ID = "spiffe://example.org/web";

  @Test
  void clockSkewOfANode() {
    Expect.first(
        "clock-skew",
        refused(
            "x509: certificate has expired or is not yet valid: current time 2025-01-01T00:00:00Z"
                + " is before 2026-01-01T00:00:00Z"));
  }

  @Test
  void clockSkew() {
    Expect.first(
        "clock-skew", Scene.pod().answer(svid(ID, NOW.plusSeconds(300), NOW.plusSeconds(3900))));
  }
}
