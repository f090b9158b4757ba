package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.POD;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class AgentIdentitySharedTest {
  /** A second kind of agents on the same node, with a socket of its own. */
  private static ClusterScene secondAgents(String cluster) {
    String second = "spire-agent-2";
    String path = "/run/spire/second";
    ClusterScene scene =
        ClusterScene.healthy()
            .configMap(
                second,
                "agent.conf",
                """
                agent {
                  trust_domain = "example.org"
                  server_address = "spire-server"
                  server_port = "8081"
                  socket_path = "/run/spire/sockets/api.sock"
                }
                plugins { NodeAttestor "k8s_psat" { plugin_data { cluster = "%s" } } }
                plugins { WorkloadAttestor "k8s" { plugin_data { skip_kubelet_verification = true } } }
                """
                    .formatted(cluster))
            .copy(Kind.DAEMON_SET, "spire-agent", second)
            .copy(Kind.POD, POD, second + "-1")
            .set(
                Kind.POD,
                second + "-1",
                "/metadata/ownerReferences",
                "[{kind: DaemonSet, name: spire-agent-2, uid: spire-agent-2}]");
    scene.edit(Kind.DAEMON_SET, second, o -> second(o.at("/spec/template/spec"), path));
    return scene.edit(Kind.POD, second + "-1", o -> second(o.path("spec"), path));
  }

  private static void second(JsonNode spec, String path) {
    ((ObjectNode) spec.at("/volumes/0/configMap")).put("name", "spire-agent-2");
    ((ObjectNode) spec.at("/volumes/1/hostPath")).put("path", path);
  }

  @Test
  void agentIdentityShared() {
    Finding likely = Expect.first("agent-identity-shared", secondAgents("demo"));
    assertThat(likely.confidence()).isEqualTo(Finding.Confidence.LIKELY);
    assertThat(likely.severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(likely.summary())
        .contains(
            ClusterScene.AGENT,
            "one of DaemonSet spire-system/spire-agent and one of DaemonSet"
                + " spire-system/spire-agent-2");
    ClusterScene refused =
        secondAgents("demo")
            .agentLog(
                "time=\"2026-01-02T03:00:00Z\" level=warning msg=\"Agent needs to re-attest; will"
                    + " attempt to re-attest\" error=\"failed to sync with SPIRE Server\"\n");
    Finding certain = Expect.first("agent-identity-shared", refused);
    assertThat(certain.confidence()).isEqualTo(Finding.Confidence.CERTAIN);
    assertThat(certain.severity()).isEqualTo(Finding.Severity.ERROR);
    assertThat(certain.evidence().toString()).contains("cluster demo", "Agent needs to re-attest");
  }

  @Test
  void agentsOfDifferentIdentitiesShareNone() {
    ClusterScene named =
        secondAgents("other")
            .configEdit(
                "spire-server",
                "server.conf",
                "clusters = {",
                "clusters = { \"other\" = { service_account_allow_list ="
                    + " [\"spire-system:spire-agent\"] }");
    assertThat(named.report().findings())
        .extracting(ranked -> ranked.finding().id())
        .doesNotContain("agent-identity-shared");
    ClusterScene byPod =
        secondAgents("demo")
            .configEdit(
                "spire-server",
                "server.conf",
                "\"demo\" = {",
                "\"demo\" = { use_pod_uid_for_agent_id = true ");
    assertThat(byPod.report().findings())
        .extracting(ranked -> ranked.finding().id())
        .doesNotContain("agent-identity-shared");
    assertThat(
            secondAgents("demo")
                .set(Kind.POD, "spire-agent-2-1", "/spec/nodeName", "node-2")
                .report()
                .findings())
        .extracting(ranked -> ranked.finding().id())
        .doesNotContain("agent-identity-shared");
  }

  @Test
  void anAgentThatTheServerDoesNotAllowSharesNoIdentity() {
    // It is no part of what is healthy: the agent that the server lists is the other.
    Finding found =
        Expect.first(
            "agent-psat-rejected",
            secondAgents("demo")
                .set(Kind.POD, "spire-agent-2-1", "/spec/serviceAccountName", "other"));
    assertThat(found.severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(found.subject().name()).isEqualTo("spire-agent-2");
    assertThat(found.evidence().toString())
        .contains("spire-system:other, the server allows spire-system:spire-agent");
    // Allowed under the same name, it would take the identity of the other.
    assertThat(found.remedies())
        .singleElement()
        .satisfies(it -> assertThat(it.summary()).contains("a cluster name of its own"));
  }
}
