package org.spiredoctor.diagnosis.rules.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.TIME;

import io.grpc.Status.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.Ending.Phase;

class AttestationContainerNotReadyTest {
  @Test
  void attestationContainerNotReadyInThePod() {
    Expect.first(
        "attestation-container-not-ready",
        Scene.pod().ended(Ending.silence(true), Duration.ofSeconds(30)));
    Finding folded =
        Expect.first(
            "attestation-container-not-ready",
            Scene.pod()
                .ended(
                    new Ending(Phase.CALL, Code.PERMISSION_DENIED, "no identity issued", "", false),
                    Duration.ofSeconds(30)));
    assertThat(folded.confidence()).isEqualTo(Finding.Confidence.LIKELY);
  }

  @Test
  void aShortWaitForAnAnswerIsStillAFailure() {
    Expect.first(
        "attestation-container-not-ready",
        Scene.pod().ended(Ending.silence(true), Duration.ofSeconds(2)));
  }

  @Test
  void attestationContainerNotReady() {
    Finding found =
        Expect.first(
            "attestation-container-not-ready",
            ClusterScene.healthy()
                .agentLog(TIME + "level=warning msg=\"Container id not found; giving up\"\n")
                .set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: \"False\"}]"));
    assertThat(found.severity()).isEqualTo(Severity.ERROR);
  }
}
