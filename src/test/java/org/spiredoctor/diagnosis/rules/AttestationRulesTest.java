package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.Scene.svid;

import io.grpc.Status.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.pod.PodEnvironment.Sandbox;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.Ending.Phase;

/** Each rule of {@code diagnosis.rules.attestation}. */
class AttestationRulesTest {
  private static final String RESET = "SocketException: Connection reset";

  @Test
  void identityNotIssued() {
    Finding found =
        Expect.first(
            "identity-not-issued", Scene.status(Code.PERMISSION_DENIED, "no identity issued"));
    assertThat(found.evidence().toString()).contains("k8s:ns:apps");
    assertThat(found.remedies().getFirst())
        .isInstanceOfSatisfying(
            Remedy.Command.class,
            command ->
                assertThat(command.command()).startsWith("kubectl get pod -n apps web-0 -o "));
    assertThat(
            Expect.first("identity-not-issued", Scene.status(Code.PERMISSION_DENIED, "go away"))
                .confidence())
        .isEqualTo(Finding.Confidence.LIKELY);
  }

  @Test
  void attestationFailed() {
    Expect.first(
        "attestation-failed", Scene.status(Code.UNAVAILABLE, "workload attestation failed"));
  }

  @Test
  void attestationContainerNotReady() {
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
  void agentWithoutHostPid() {
    Expect.first("agent-without-host-pid", Scene.connection(Phase.HANDSHAKE, RESET));
  }

  @Test
  void callerHiddenBySandbox() {
    Expect.first(
        "caller-hidden-by-sandbox",
        Scene.connection(Phase.HANDSHAKE, RESET).sandbox(Sandbox.GVISOR));
    Expect.first(
        "caller-hidden-by-sandbox",
        Scene.status(Code.UNAVAILABLE, "process uid does not match original caller"));
  }

  @Test
  void workloadApiRateLimited() {
    Expect.first(
        "workload-api-rate-limited",
        Scene.status(Code.UNAVAILABLE, "rate limit exceeded for /SpiffeWorkloadAPI/FetchX509SVID"));
  }

  @Test
  void workloadApiUnresponsive() {
    Expect.first(
        "workload-api-unresponsive",
        Scene.pod().ended(Ending.silence(false), Duration.ofSeconds(5)));
  }

  @Test
  void workloadApiFailed() {
    Expect.first("workload-api-failed", Scene.status(Code.INTERNAL, "could not fetch"));
    Expect.first("workload-api-failed", Scene.status(Code.OK, ""));
    Expect.first(
        "workload-api-failed", Scene.served().jwtRefused("api", Code.INTERNAL, "could not mint"));
  }

  @Test
  void aFailureOfOurOwnIsNotBlamedOnTheAgent() {
    Expect.first("workload-api-failed", Scene.connection(Phase.HANDSHAKE, "some inner fault"));
  }

  @Test
  void aShortWaitForAnAnswerIsStillAFailure() {
    Expect.first(
        "attestation-container-not-ready",
        Scene.pod().ended(Ending.silence(true), Duration.ofSeconds(2)));
  }

  @Test
  void clientDeadlineTooShort() {
    Finding found =
        Expect.first(
            "client-deadline-too-short",
            Scene.pod().answer(Duration.ofSeconds(8), 2000, svid("spiffe://example.org/web")));
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
  }

  @Test
  void kubeletDuplicateContainer() {
    Expect.first(
        "kubelet-duplicate-container",
        Scene.status(Code.INTERNAL, "two pods found with same container Id"));
  }
}
