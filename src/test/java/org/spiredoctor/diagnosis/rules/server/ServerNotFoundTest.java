package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.SERVER;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Report.Undetermined;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class ServerNotFoundTest {
  @Test
  void whatMayNotBeSeenIsUnknown() {
    Report report = ClusterScene.healthy().forbidden(Kind.POD).report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown())
        .extracting("id")
        .contains("server-not-found", "agent-not-found", "agent-not-on-node");
  }

  @Test
  void serverNotFound() {
    Finding nowhere =
        Expect.first(
            "server-not-found",
            ClusterScene.healthy()
                .remove(Kind.STATEFUL_SET, SERVER)
                .remove(Kind.POD, "spire-server-0"));
    assertThat(nowhere.summary()).contains("any namespace");
    Finding scaled =
        Expect.first(
            "server-not-found",
            ClusterScene.healthy()
                .remove(Kind.POD, "spire-server-0")
                .set(Kind.STATEFUL_SET, SERVER, "/spec/replicas", "0"));
    assertThat(command(scaled))
        .isEqualTo("kubectl -n spire-system scale statefulset/spire-server --replicas=1");
    Finding refused =
        Expect.first(
            "server-not-found",
            ClusterScene.healthy()
                .remove(Kind.POD, "spire-server-0")
                .event("StatefulSet", "spire-system", SERVER, "FailedCreate", "exceeded quota"));
    assertThat(refused.evidence().toString()).contains("exceeded quota");
  }

  @Test
  void aServerOutsideOfTheClusterIsNotMissed() {
    Report report =
        ClusterScene.healthy()
            .remove(Kind.STATEFUL_SET, SERVER)
            .remove(Kind.POD, "spire-server-0")
            .configMap(
                "spire-agent",
                "agent.conf",
                "agent { trust_domain = \"example.org\"\n server_address = \"spire.acme.com\" }")
            .report();
    assertThat(report.findings()).noneMatch(f -> f.finding().id().equals("server-not-found"));
    assertThat(report.unknown())
        .contains(
            new Undetermined(
                "server-not-found",
                "the SPIRE server, which the agents expect outside of this cluster, at"
                    + " spire.acme.com"));
  }
}
