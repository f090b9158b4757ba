package org.spiredoctor.diagnosis.rules.svid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.Scene.svid;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;

class SvidExpiredTest {
  private static final String ID = "spiffe://example.org/web";

  @Test
  void svidExpired() {
    Finding found =
        Expect.first(
            "svid-expired",
            ClusterScene.healthy()
                .agentNotReady()
                .attested()
                .agentLog(
                    "level=error msg=\"Agent crashed\" error=\"x509: certificate has expired or is"
                        + " not yet valid: current time 2026-01-02T03:04:00Z is after"
                        + " 2026-01-02T02:00:00Z\""));
    assertThat(found.summary()).contains("on node-1");
  }

  @Test
  void svidExpiredInThePod() {
    Expect.first(
        "svid-expired", Scene.pod().answer(svid(ID, NOW.minusSeconds(7200), NOW.minusSeconds(1))));
  }
}
