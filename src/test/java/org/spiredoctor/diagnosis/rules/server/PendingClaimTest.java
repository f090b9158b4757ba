package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.SERVER;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

/** The claim of the server has no volume. */
class PendingClaimTest {
  private static ClusterScene pending(String reason, String message) {
    return ClusterScene.healthy()
        .merge(
            Kind.POD, "spire-server-0", "/metadata", "{creationTimestamp: '2026-01-02T03:00:00Z'}")
        .set(Kind.POD, "spire-server-0", "/spec/nodeName", "''")
        .set(Kind.POD, "spire-server-0", "/status/containerStatuses", "[]")
        .set(
            Kind.POD,
            "spire-server-0",
            "/status/conditions",
            "[{type: PodScheduled, status: 'False', reason: Unschedulable, message: '0/1 nodes are"
                + " available: pod has unbound immediate PersistentVolumeClaims.'}]")
        .add(
            Kind.POD,
            "spire-server-0",
            "/spec/volumes",
            "{name: spire-data, persistentVolumeClaim: {claimName: spire-data-spire-server-0}}")
        .event(
            "PersistentVolumeClaim", "spire-system", "spire-data-spire-server-0", reason, message);
  }

  @Test
  void aClaimWithoutAVolumeIsNamed() {
    Finding none =
        Expect.first(
            "server-not-ready",
            pending(
                "FailedBinding",
                "no persistent volumes available for this claim and no storage class is set"));
    assertThat(none.summary())
        .endsWith(
            "its claim spire-data-spire-server-0 has no volume: it names no storage class, and none"
                + " is the default");
    assertThat(command(none)).isEqualTo("kubectl get storageclass");
    assertThat(none.remedies().toString())
        .contains("is-default-class", "name: spire-data\n", "storageClassName:");
    Finding unknown =
        Expect.first(
            "server-not-ready",
            pending("ProvisioningFailed", "storageclass.storage.k8s.io \"fast\" not found"));
    assertThat(unknown.summary()).endsWith("has no volume: there is no storage class fast");
    assertThat(unknown.remedies().toString()).doesNotContain("is-default-class");
    Finding silent = Expect.first("server-not-ready", pending("ExternalProvisioning", "Waiting"));
    assertThat(silent.summary()).endsWith("its claim spire-data-spire-server-0 has no volume");
    assertThat(silent.remedies().toString()).doesNotContain("storageClassName");
  }

  @Test
  void ofSeveralClaimsOnlyOneThatIsSaidToHaveNoVolumeIsNamed() {
    ClusterScene scene =
        pending("ProvisioningFailed", "storageclass.storage.k8s.io \"fast\" not found")
            .add(
                Kind.POD,
                "spire-server-0",
                "/spec/volumes",
                "{name: keys, persistentVolumeClaim: {claimName: keys-0}}");
    assertThat(Expect.first("server-not-ready", scene).summary())
        .contains("its claim spire-data-spire-server-0 has no volume");
    // Said before the pod was created, of a claim that can have its volume since.
    Finding old =
        Expect.first(
            "server-not-ready",
            scene.merge(
                Kind.POD,
                "spire-server-0",
                "/metadata",
                "{creationTimestamp: '" + ClusterScene.NOW + "'}"));
    assertThat(old.summary()).endsWith("because one of its claims has no volume");
    assertThat(command(old))
        .isEqualTo("kubectl get pvc -n spire-system spire-data-spire-server-0 keys-0");
    assertThat(old.remedies().toString()).doesNotContain("fast", "storageClassName");
  }

  @Test
  void theValueForTheClaimsClassIsNamed() {
    ClusterScene scene =
        pending("ProvisioningFailed", "storageclass.storage.k8s.io \"fast\" not found")
            .merge(
                Kind.STATEFUL_SET,
                SERVER,
                "/metadata",
                "{annotations: {meta.helm.sh/release-name: spire}}")
            .merge(
                Kind.STATEFUL_SET,
                SERVER,
                "/metadata/labels",
                "{helm.sh/chart: spire-server-0.1.0, app.kubernetes.io/name: server}");
    assertThat(Expect.first("server-not-ready", scene).managed())
        .singleElement()
        .extracting(Finding.Managed::inWords)
        .asString()
        .contains("StatefulSet", "release spire", "value global.spire.persistence.storageClass");
  }
}
