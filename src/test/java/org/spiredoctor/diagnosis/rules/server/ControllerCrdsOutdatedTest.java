package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class ControllerCrdsOutdatedTest {
  private static final String TIME = "2026-01-02T03:03:50Z\t";

  @Test
  void controllerCrdsOutdated() {
    Finding found =
        Expect.first(
            "controller-crds-outdated",
            ClusterScene.healthy()
                .controllerManager("entryIDPrefix: demo\n")
                .absent(Kind.CLUSTER_STATIC_ENTRY)
                .controllerLog(
                    TIME
                        + "ERROR\tentry-reconciler\tFailed to list ClusterStaticEntries\t{\"error\":"
                        + " \"no matches for kind \\\"ClusterStaticEntry\\\" in version"
                        + " \\\"spire.spiffe.io/v1alpha1\\\"\"}\n"));
    assertThat(command(found))
        .isEqualTo(
            "kubectl apply -f https://raw.githubusercontent.com/spiffe/spire-controller-manager/"
                + "v0.6.4/config/crd/bases/spire.spiffe.io_clusterstaticentries.yaml");
  }
}
