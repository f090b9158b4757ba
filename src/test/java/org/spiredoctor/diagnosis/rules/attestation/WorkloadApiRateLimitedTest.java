package org.spiredoctor.diagnosis.rules.attestation;

import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.TIME;

import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;

class WorkloadApiRateLimitedTest {
  @Test
  void workloadApiRateLimitedInThePod() {
    Expect.first(
        "workload-api-rate-limited",
        Scene.status(Code.UNAVAILABLE, "rate limit exceeded for /SpiffeWorkloadAPI/FetchX509SVID"));
  }

  @Test
  void workloadApiRateLimited() {
    Expect.first(
        "workload-api-rate-limited",
        ClusterScene.healthy()
            .agentLog(
                TIME
                    + "level=error msg=\"rate limit exceeded for"
                    + " /SpiffeWorkloadAPI/FetchX509SVID\"\n"));
  }
}
