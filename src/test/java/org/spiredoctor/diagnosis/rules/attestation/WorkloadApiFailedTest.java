package org.spiredoctor.diagnosis.rules.attestation;

import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.spire.Ending.Phase;

class WorkloadApiFailedTest {
  @Test
  void workloadApiFailed() {
    Expect.first("workload-api-failed", Scene.status(Code.INTERNAL, "could not fetch"));
    Expect.first("workload-api-failed", Scene.status(Code.OK, ""));
    Expect.first(
        "workload-api-failed", Scene.served().jwtRefused("api", Code.INTERNAL, "could not mint"));
  }

  @Test
  void aFailureOfOurOwnIsNotBlamedOnTheAgent() {
    Expect.first("workload-api-failed", Scene.connection(Phase.HANDSHAKE, "some inner fault"));
  }
}
