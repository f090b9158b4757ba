package org.spiredoctor.diagnosis.rules.socket;

import static org.spiredoctor.diagnosis.Scene.closed;
import static org.spiredoctor.diagnosis.Scene.directory;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.spire.Ending.Phase;

class SocketDeniedBySelinuxTest {
  @Test
  void socketDeniedBySelinux() {
    Expect.first(
        "socket-denied-by-selinux",
        Scene.connection(Phase.CONNECT, "SocketException: Permission denied")
            .selinux("system_u:system_r:container_t:s0:c1,c2")
            .steps(
                directory("/"),
                directory("/spire-socket"),
                closed("/spire-socket/api.sock", FileKind.SOCKET, 0777)));
  }
}
