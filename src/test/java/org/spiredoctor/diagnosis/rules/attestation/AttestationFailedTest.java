package org.spiredoctor.diagnosis.rules.attestation;

import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;

class AttestationFailedTest {
  @Test
  void attestationFailed() {
    Expect.first(
        "attestation-failed", Scene.status(Code.UNAVAILABLE, "workload attestation failed"));
  }
}
