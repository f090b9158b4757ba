package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.POD;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

/** An agent on the network of its node that does not ask the DNS of the cluster. */
class NodeDnsTest {
  private static ClusterScene lost(String policy) {
    return ClusterScene.healthy()
        .attested()
        .agentNotReady()
        .set(Kind.DAEMON_SET, "spire-agent", "/spec/template/spec/dnsPolicy", policy)
        .agentLog(
            "level=warning msg=\"Failed to retrieve attestation result\" error=\"could not open"
                + " attestation stream to SPIRE server: dial tcp: lookup spire-server on"
                + " 192.168.0.1:53: no such host\"\n");
  }

  @Test
  void anAgentThatAsksTheDnsOfItsNodeIsTold() {
    Finding found = Expect.first("agent-server-unreachable", lost("ClusterFirst"));
    assertThat(found.evidence().toString()).contains("hostNetwork true, dnsPolicy ClusterFirst:");
    assertThat(command(found))
        .isEqualTo(
            "kubectl patch -n spire-system daemonset/spire-agent -p"
                + " '{\"spec\":{\"template\":{\"spec\":{\"dnsPolicy\":\"ClusterFirstWithHostNet\"}}}}'");
    for (ClusterScene other :
        List.of(
            lost("ClusterFirstWithHostNet"),
            lost("ClusterFirst").set(Kind.POD, POD, "/spec/hostNetwork", "false"))) {
      assertThat(Expect.first("agent-server-unreachable", other).remedies().toString())
          .doesNotContain("kubectl patch");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "spire-server.spire-system.svc, true",
    "spire-server.spire-system.svc.cluster.local., true",
    "spire-server.spire-system.corp.example, false",
    "spire-server.spire-system.svc-a.example, false",
  })
  void onlyANameOfTheClusterIsForItsDns(String host, boolean ofTheCluster) {
    Finding found =
        Expect.first(
            "agent-server-unreachable",
            lost("ClusterFirst")
                .configEdit(
                    "spire-agent",
                    "agent.conf",
                    "server_address = \"spire-server\"",
                    "server_address = \"" + host + "\""));
    assertThat(found.evidence().toString().contains("dnsPolicy ClusterFirst:"))
        .isEqualTo(ofTheCluster);
  }

  @Test
  void anAgentWithoutDnsIsNotToldToLookAtTheServer() {
    ClusterScene scene =
        ClusterScene.healthy()
            .attested()
            .agentNotReady()
            .agentLog(
                "level=warning msg=\"Failed to retrieve attestation result\" error=\"could not open"
                    + " attestation stream to SPIRE server: dial tcp: lookup spire-server on"
                    + " [::1]:53: read udp [::1]:40031->[::1]:53: read: connection refused\"\n");
    Finding found = Expect.first("agent-server-unreachable", scene);
    assertThat(found.summary()).endsWith("the name leads nowhere");
    assertThat(found.remedies().getFirst().summary()).contains("DNS server", "/etc/resolv.conf");
  }
}
