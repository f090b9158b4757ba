package org.spiredoctor.diagnosis.rules.socket;

import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.spire.Ending.Phase;

class SocketWrongApiTest {
  @Test
  void socketWrongApi() {
    Expect.first(
        "socket-wrong-api", Scene.status(Code.UNIMPLEMENTED, "unknown service SpiffeWorkloadAPI"));
    Expect.first(
        "socket-wrong-api",
        Scene.connection(Phase.HANDSHAKE, "Http2Exception: First received frame was not SETTINGS"));
  }
}
