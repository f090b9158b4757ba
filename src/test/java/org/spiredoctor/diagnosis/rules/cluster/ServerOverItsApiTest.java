package org.spiredoctor.diagnosis.rules.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Report.Verdict;

/** The server is queried over its API, with or without a cluster. */
class ServerOverItsApiTest {
  @Test
  void withoutAClusterEntriesAreExaminedAndTheRestIsUnknown() {
    Report report =
        ClusterScene.healthy()
            .entries(
                ClusterScene.entry(
                    "e1", "spiffe://example.org/twin", "spiffe://example.org/n", "k8s:ns:a"),
                ClusterScene.entry(
                    "e2", "spiffe://example.org/twin", "spiffe://example.org/n", "k8s:ns:a"))
            .withoutCluster()
            .askedOn("/tmp/spire-server/private/api.sock")
            .report();
    assertThat(report.findings())
        .extracting(ranked -> ranked.finding().id())
        .containsExactly("entry-duplicate");
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown())
        .extracting("id")
        .contains("cluster-unreachable", "identity-not-issued", "entry-missing", "agent-not-found");
    assertThat(report.checked().entries()).isPresent();
    assertThat(report.checked().pods()).isEmpty();
  }

  @Test
  void aClusterIsExaminedAsWellWhenTheServerIsAskedOverItsApi() {
    Report report =
        ClusterScene.healthy().askedAt("spire:8081", "spiffe://example.org/admin").report();
    assertThat(report.verdict()).isEqualTo(Verdict.HEALTHY);
    assertThat(report.path().get(1).text()).isEqualTo("spire:8081 as spiffe://example.org/admin");
  }
}
