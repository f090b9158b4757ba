package org.spiredoctor.diagnosis.rules.socket;

import static org.spiredoctor.diagnosis.Scene.mount;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.pod.FileKind;

class CsiVolumeBrokenTest {
  @Test
  void csiVolumeBroken() {
    Expect.first(
        "csi-volume-broken",
        Scene.pod().at(FileKind.MISSING).unlistable("Transport endpoint is not connected"));
    Expect.first(
        "csi-volume-broken",
        Scene.pod()
            .at(FileKind.MISSING)
            .mounts(mount("/", "/"), mount("/spire-socket", "/run/spire/sockets//deleted")));
  }

  @Test
  void aDirectoryThatMayNotBeListedIsNotABrokenVolume() {
    Expect.healthy(Scene.served().unlistable("Permission denied"));
    Expect.first(
        "socket-directory-empty", Scene.pod().at(FileKind.MISSING).unlistable("Permission denied"));
  }
}
