package org.spiredoctor.diagnosis.rules.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class AttestorK8sMissingTest {
  @Test
  void attestorK8sMissing() {
    Finding found =
        Expect.first(
            "attestor-k8s-missing",
            ClusterScene.healthy()
                .configEdit(
                    "spire-agent",
                    "agent.conf",
                    "WorkloadAttestor \"k8s\"",
                    "WorkloadAttestor \"unix\""));
    assertThat(command(found)).contains("plugins\"?[[:space:]]*\\{", "WorkloadAttestor \"k8s\"");
    // As the Helm chart writes it.
    Expect.healthy(
        ClusterScene.healthy()
            .configEdit(
                "spire-agent",
                "agent.conf",
                "WorkloadAttestor \"k8s\"",
                "\"WorkloadAttestor\": [{\"k8s\": {}}] #"));
  }
}
