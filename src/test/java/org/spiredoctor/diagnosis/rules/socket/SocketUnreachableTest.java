package org.spiredoctor.diagnosis.rules.socket;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.evidence.Address;
import org.spiredoctor.evidence.Address.Origin;
import org.spiredoctor.spire.Ending.Phase;

class SocketUnreachableTest {
  @Test
  void socketUnreachable() {
    Expect.first(
        "socket-unreachable",
        Scene.connection(Phase.CONNECT, "ConnectException: Connection refused: /127.0.0.1:9")
            .address(Address.strict("tcp://127.0.0.1:9", Origin.FLAG, "--socket")));
  }
}
