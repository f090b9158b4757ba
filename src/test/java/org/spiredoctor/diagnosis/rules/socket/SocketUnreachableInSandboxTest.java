package org.spiredoctor.diagnosis.rules.socket;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.pod.PodEnvironment.Sandbox;
import org.spiredoctor.spire.Ending.Phase;

class SocketUnreachableInSandboxTest {
  private static final String REFUSED =
      "ConnectException: Connection refused: /spire-socket/api.sock";

  @Test
  void socketUnreachableInSandbox() {
    Expect.first(
        "socket-unreachable-in-sandbox",
        Scene.connection(Phase.CONNECT, REFUSED).sandbox(Sandbox.KATA));
  }
}
