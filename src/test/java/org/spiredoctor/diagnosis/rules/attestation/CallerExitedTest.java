package org.spiredoctor.diagnosis.rules.attestation;

import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.TIME;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.rules.Expect;

class CallerExitedTest {
  @Test
  void callerExited() {
    Expect.first(
        "caller-exited",
        ClusterScene.healthy()
            .agentLog(
                TIME + "level=warning msg=\"Caller exit suspected due to failed readdirent\"\n"));
  }
}
