package org.spiredoctor.diagnosis.rules.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.TIME;
import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.attestorSays;
import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.failed;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class AttestorK8sFailedTest {
  @Test
  void attestorK8sFailed() {
    Expect.first("attestor-k8s-failed", attestorSays("unable to decode kubelet response: EOF"));
    Finding namespaces =
        Expect.first(
            "attestor-k8s-failed",
            attestorSays(
                "unable to get namespace labels for \"apps\": unable to get namespace \"apps\":"
                    + " namespaces \"apps\" is forbidden: User"
                    + " \"system:serviceaccount:spire-system:spire-agent\" cannot get"));
    assertThat(namespaces.severity()).isEqualTo(Finding.Severity.ERROR);
    assertThat(((Remedy.Command) namespaces.remedies().getFirst()).command())
        .contains("--verb=get --resource=namespaces")
        .contains("--serviceaccount=spire-system:spire-agent");
  }

  /** The kubelet answered; it only did not know this container yet. */
  @Test
  void aContainerThatTheKubeletDoesNotListIsNoFailureOfTheAttestor() {
    assertThat(attestorSays("no selectors found after max poll attempts").report().findings())
        .noneMatch(one -> one.finding().id().equals("attestor-k8s-failed"));
  }

  /** Every caller goes away whose pod is deleted; what keeps another pod is something else. */
  @Test
  void aCallerThatWentAwayIsNoFailureOfTheAttestor() {
    ClusterScene scene =
        ClusterScene.healthy()
            .agentNotReady()
            .agentLog(failed("context canceled").replace("code = Internal", "code = Canceled"));
    Expect.first("agent-not-ready", scene);
    assertThat(scene.report().causes().map(Finding::id)).doesNotContain("attestor-k8s-failed");
  }

  /** Its stream lasts, and is given a new SVID without being attested. */
  @Test
  void whatIsServedToAnotherProcessDoesNotEndAFailure() {
    String failed =
        failed("unexpected status code on pods response: 400 Client sent an HTTP request");
    String renewed = "level=debug msg=\"Fetched X.509 SVID\" count=1 pid=";
    Expect.first(
        "attestor-k8s-failed", ClusterScene.healthy().agentLog(failed + TIME + renewed + "7\n"));
    Expect.healthy(ClusterScene.healthy().agentLog(failed + TIME + renewed + "42\n"));
  }

  /** One pod can have an agent wait in vain for it; that is not why it attests none. */
  @Test
  void whatHappensToOneCallerExplainsNoFaultOfAll() {
    ClusterScene scene =
        ClusterScene.healthy()
            .agentLog(
                failed("no selectors found after max poll attempts")
                    + failed("unable to get namespace labels: namespaces is forbidden")
                        .replace("pid=42", "pid=43"));
    scene.set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: \"False\"}]");
    assertThat(scene.report().causes().map(Finding::id))
        .contains("attestor-k8s-failed", "attestation-container-not-ready");
  }
}
