package org.spiredoctor.diagnosis.rules.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.pod.FileKind;

class SocketDirectoryEmptyTest {
  @Test
  void socketDirectoryEmpty() {
    Expect.first("socket-directory-empty", Scene.pod().at(FileKind.MISSING).siblings());
    Finding gone =
        Expect.first(
            "socket-directory-empty",
            Scene.status(Code.PERMISSION_DENIED, "no identity issued")
                .at(FileKind.MISSING)
                .siblings());
    assertThat(gone.evidence().toString()).contains("was there before");
  }
}
