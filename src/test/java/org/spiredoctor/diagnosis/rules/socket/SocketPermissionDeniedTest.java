package org.spiredoctor.diagnosis.rules.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.Scene.closed;
import static org.spiredoctor.diagnosis.Scene.directory;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.spire.Ending.Phase;

class SocketPermissionDeniedTest {
  @Test
  void socketPermissionDenied() {
    Finding found =
        Expect.first(
            "socket-permission-denied",
            Scene.connection(Phase.CONNECT, "SocketException: Permission denied")
                .steps(
                    directory("/"),
                    directory("/spire-socket"),
                    closed("/spire-socket/api.sock", FileKind.SOCKET, 0700)));
    assertThat(found.evidence().toString()).contains("srwx------");
    Expect.first(
        "socket-permission-denied",
        Scene.pod()
            .steps(
                directory("/"),
                closed("/spire-socket", FileKind.DIRECTORY, 0750),
                closed("/spire-socket/api.sock", FileKind.HIDDEN, 0)));
  }
}
