package org.spiredoctor.diagnosis.rules.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.Scene.mount;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.pod.FileKind;

class SocketNotASocketTest {
  @Test
  void socketNotASocket() {
    Finding found = Expect.first("socket-not-a-socket", Scene.pod().at(FileKind.DIRECTORY));
    assertThat(found.summary()).contains("is a directory");
    Expect.first("socket-not-a-socket", Scene.pod().at(FileKind.FILE));
    // Mounted there by the kubelet: still one fault, not two.
    Expect.first(
        "socket-not-a-socket",
        Scene.pod()
            .at(FileKind.DIRECTORY)
            .mounts(mount("/", "/"), mount("/spire-socket/api.sock", "/tmp/x/api.sock")));
  }
}
