package org.spiredoctor.diagnosis.rules.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class AttestationEphemeralContainerTest {
  private static final String TIME = "time=\"2026-01-02T03:04:00Z\" ";

  @Test
  void attestationEphemeralContainer() {
    ClusterScene scene =
        ClusterScene.healthy()
            .set(Kind.POD, "web", "/spec/ephemeralContainers", "[{name: debug, image: busybox}]")
            .set(
                Kind.POD,
                "web",
                "/status/ephemeralContainerStatuses",
                "[{name: debug, containerID: 'containerd://74c83db2', state: {running: {}}}]")
            .agentLog(
                TIME
                    + "level=debug msg=\"Container id not found; will retry after backoff\""
                    + " attempt=26 container_id=74c83db2\n");
    assertThat(Expect.first("attestation-ephemeral-container", scene).severity())
        .isEqualTo(Severity.WARNING);
  }
}
