package org.spiredoctor.diagnosis.rules.socket;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.rules.Expect;

class SocketTakenByIstioTest {
  @Test
  void socketTakenByIstio() {
    Expect.first(
        "socket-taken-by-istio",
        ClusterScene.healthy()
            .webNotReady()
            .log(
                "apps",
                "web",
                "app",
                false,
                "failed to remove unix://var/run/secrets/workload-spiffe-uds/socket: read-only\n"));
  }
}
