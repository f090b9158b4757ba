package org.spiredoctor.diagnosis.rules.attestation;

import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.pod.PodEnvironment.Sandbox;
import org.spiredoctor.spire.Ending.Phase;

class CallerHiddenBySandboxTest {
  private static final String RESET = "SocketException: Connection reset";

  @Test
  void callerHiddenBySandbox() {
    Expect.first(
        "caller-hidden-by-sandbox",
        Scene.connection(Phase.HANDSHAKE, RESET).sandbox(Sandbox.GVISOR));
    Expect.first(
        "caller-hidden-by-sandbox",
        Scene.status(Code.UNAVAILABLE, "process uid does not match original caller"));
  }
}
