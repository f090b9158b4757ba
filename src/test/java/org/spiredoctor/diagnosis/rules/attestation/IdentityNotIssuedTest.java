package org.spiredoctor.diagnosis.rules.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;

import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class IdentityNotIssuedTest {
  @Test
  void identityNotIssuedInThePod() {
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
  void identityNotIssued() {
    ClusterScene unready =
        ClusterScene.healthy()
            .set(
                Kind.POD,
                "spire-agent-x1y2z",
                "/status/conditions",
                "[{type: Ready, status: \"False\"}]");
    assertThat(unready.report().findings())
        .extracting(ranked -> ranked.finding().id())
        .contains("identity-not-issued");
    // The server still lists an agent whose pod is gone.
    assertThat(
            ClusterScene.healthy()
                .remove(Kind.POD, "spire-agent-x1y2z")
                .report()
                .findings()
                .toString())
        .contains("no agent runs on its node node-1");
    assertThat(
            ClusterScene.healthy()
                .webEntry(entry("web", WEB, ALIAS, "k8s:ns:apps", "k8s:pod-label:app:wep"))
                .report()
                .findings())
        .extracting(ranked -> ranked.finding().id() + " " + ranked.explainedBy().orElse(""))
        .containsExactly("entry-selector-mismatch ", "identity-not-issued entry-selector-mismatch");
  }
}
