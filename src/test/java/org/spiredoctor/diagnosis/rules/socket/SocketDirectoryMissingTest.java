package org.spiredoctor.diagnosis.rules.socket;

import static org.spiredoctor.diagnosis.Scene.mount;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;

class SocketDirectoryMissingTest {
  @Test
  void socketDirectoryMissing() {
    Expect.first("socket-directory-missing", Scene.pod().outsidePod().withoutDirectory());
    Expect.first(
        "socket-directory-missing",
        Scene.pod().withoutDirectory().mounts(mount("/", "/"), mount("/spire-socket", "/x")));
  }
}
