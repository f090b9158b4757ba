package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.evidence.cluster.Observed.Reason;

class ServerUnreachableTest {
  @Test
  void serverUnreachable() {
    Finding found =
        Expect.first(
            "server-unreachable",
            ClusterScene.healthy().serverFails(Reason.FAILED, "context deadline exceeded"));
    assertThat(command(found)).endsWith("spire-server healthcheck -verbose");
    Report forbidden =
        ClusterScene.healthy().serverFails(Reason.FORBIDDEN, "cannot create pods/exec").report();
    assertThat(forbidden.findings()).isEmpty();
    assertThat(forbidden.unknown()).extracting("id").contains("server-unreachable");
  }

  /** It answers; that it takes long over many entries is no fault of it. */
  @Test
  void aServerThatIsSlowWithItsEntriesIsNotUnreachable() {
    Report slow =
        ClusterScene.healthy()
            .entriesFail("spire-server entry show -output json: it printed nothing for 315 s")
            .report();
    assertThat(slow.findings()).isEmpty();
    assertThat(slow.unknown()).extracting("id").contains("server-unreachable", "entry-missing");
    Finding refused =
        Expect.first(
            "server-unreachable",
            ClusterScene.healthy()
                .entriesFail("Error: rpc error: code = Internal desc = datastore-sql: locked"));
    assertThat(refused.summary())
        .isEqualTo(
            "The SPIRE server spire-system/spire-server-0 runs, but does not list its entries");
  }

  @Test
  void aServerThatIsNotReachedOverItsApiIsNoPod() {
    Finding network =
        Expect.first(
            "server-unreachable",
            ClusterScene.healthy()
                .askedAt("spire:8081", "spiffe://example.org/admin")
                .serverFails(Reason.FAILED, "Connection refused"));
    assertThat(network.subject().inWords()).isEqualTo("Server spire:8081");
    assertThat(network.remedies().getFirst().summary()).contains("--server-address");
    Finding socket =
        Expect.first(
            "server-unreachable",
            ClusterScene.healthy()
                .withoutCluster()
                .askedOn("/run/spire/api.sock")
                .serverFails(Reason.FAILED, "No such file or directory"));
    assertThat(command(socket))
        .isEqualTo("spire-server healthcheck -verbose -socketPath /run/spire/api.sock");
  }
}
