package org.spiredoctor.diagnosis.rules.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Report.Undetermined;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.kube.Kind;

class ClusterForbiddenTest {
  @Test
  void clusterForbidden() {
    Report pods = ClusterScene.healthy().forbidden(Kind.POD).report();
    assertThat(pods.findings()).isEmpty();
    assertThat(pods.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(pods.unknown())
        .contains(
            new Undetermined(
                "cluster-forbidden",
                "permission to list pods in all namespaces; a ClusterRole with this rule gives it:"
                    + " {apiGroups: [\"\"], resources: [pods], verbs: [list]}"));
    assertThat(pods.unknown()).extracting("id").contains("pod-init-failed", "identity-not-issued");
    assertThat(
            ClusterScene.healthy()
                .serverFails(Observed.Reason.FORBIDDEN, "403 pods/exec is forbidden")
                .report()
                .unknown())
        .contains(
            new Undetermined(
                "cluster-forbidden",
                "permission to create and get pods/exec in namespace spire-system; a Role there"
                    + " with this rule gives it: {apiGroups: [\"\"], resources: [pods/exec], verbs:"
                    + " [create, get]}"));
  }

  @Test
  void whoIsNoAdministratorIsToldSo() {
    Report report =
        ClusterScene.healthy()
            .askedAt("spire:8081", "spiffe://example.org/web")
            .serverFails(Observed.Reason.FORBIDDEN, "PermissionDenied: authorization denied")
            .report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown())
        .filteredOn(one -> one.id().equals("cluster-forbidden"))
        .extracting(Undetermined::missing)
        .singleElement()
        .asString()
        .contains("spire:8081: spiffe://example.org/web is no administrator there")
        .contains("-admin")
        .contains("admin_ids");
  }
}
