package org.spiredoctor.diagnosis.rules.socket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.pod.FileKind;

class SocketWrongNameTest {
  @Test
  void socketWrongName() {
    Finding found =
        Expect.first("socket-wrong-name", Scene.pod().at(FileKind.MISSING).siblings("agent.sock"));
    assertThat(found.summary()).contains("agent.sock");
  }
}
