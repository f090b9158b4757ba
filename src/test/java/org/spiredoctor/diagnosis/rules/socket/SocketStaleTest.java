package org.spiredoctor.diagnosis.rules.socket;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.spire.Ending.Phase;

class SocketStaleTest {
  private static final String REFUSED =
      "ConnectException: Connection refused: /spire-socket/api.sock";

  @Test
  void socketStale() {
    Expect.first("socket-stale", Scene.connection(Phase.CONNECT, REFUSED));
  }
}
