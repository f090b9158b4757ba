package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;

/** Which server an agent belongs to. */
class AgentsOfOtherServersTest extends SeveralInstallations {
  @Test
  void agentsOfOneNamespaceAreToldByTheirService() {
    OtherSpire twin =
        new OtherSpire("spire-system", "second", "example.org", "/run/other").at("two");
    ClusterScene scene =
        twin.in(
                healthy(),
                entry(
                    "other",
                    "spiffe://example.org/other",
                    "spiffe://example.org/second-nodes",
                    "k8s:ns:apps",
                    "k8s:pod-label:app:other"))
            .object(
                Kind.SERVICE,
                "{metadata: {name: two, namespace: spire-system}, spec: {selector: {app:"
                    + " second-server}}}");
    assertThat(found(OtherSpire.pod(scene, "other", SOCKET).report())).isEmpty();
  }

  @Test
  void agentsWhoseServerIsGoneAreNotTheOtherServers() {
    // Of one trust domain, so that only the address tells.
    OtherSpire twin =
        new OtherSpire("spire-b", "b", "example.org", "/run/other")
            .at("b-server.spire-b.svc.cluster.local");
    for (boolean service : new boolean[] {true, false}) {
      ClusterScene scene =
          OtherSpire.pod(twin.in(healthy()), "other", SOCKET)
              .remove(Kind.STATEFUL_SET, "spire-server")
              .remove(Kind.POD, "spire-server-0");
      if (!service) {
        scene.remove(Kind.SERVICE, "spire-server");
      }
      Report report =
          scene.kubeletRights("spire-system:spire-agent").kubeletRights("spire-b:b-agent").report();
      assertThat(found(report))
          .containsExactlyInAnyOrder(
              "server-not-found spire-agent", "entry-missing other", "identity-not-issued other");
      assertThat(report.unknown())
          .anySatisfy(u -> assertThat(u.id()).isEqualTo("identity-not-issued"));
    }
  }

  @Test
  void agentsOfAServerElsewhereAreNotTheOtherServers() {
    OtherSpire b = new OtherSpire("spire-b", "b", "b.example", "/run/other");
    Entry entry =
        entry("other", b.id("/other"), b.id("/b-nodes"), "k8s:ns:apps", "k8s:pod-label:app:other");
    Report report =
        OtherSpire.pod(b.in(healthy(), entry), "other", SOCKET)
            .kubeletRights("spire-system:spire-agent")
            .kubeletRights("spire-b:b-agent")
            .remove(Kind.STATEFUL_SET, "spire-server")
            .remove(Kind.POD, "spire-server-0")
            .configEdit("spire-agent", "agent.conf", "\"spire-server\"", "\"spire.acme.com\"")
            .report();
    assertThat(found(report)).isEmpty();
    assertThat(report.verdict()).isEqualTo(Report.Verdict.UNKNOWN);
    assertThat(report.unknown())
        .anySatisfy(u -> assertThat(u.missing()).endsWith("which they expect at spire.acme.com"));
  }

  @Test
  void aServiceOfAnotherNamespaceLeadsToNoServer() {
    ClusterScene scene = healthy();
    for (Kind kind : List.of(Kind.POD, Kind.STATEFUL_SET)) {
      for (String name : List.of("spire-server-0", "spire-server")) {
        scene.edit(kind, name, o -> ((ObjectNode) o.at("/metadata")).put("namespace", "elsewhere"));
      }
    }
    Finding found =
        scene
            .report()
            .causes()
            .filter(finding -> finding.id().equals("server-service-broken"))
            .findFirst()
            .orElseThrow();
    assertThat(found.remedies())
        .singleElement()
        .isInstanceOfSatisfying(
            Remedy.Advice.class,
            advice -> assertThat(advice.summary()).contains("the server's namespace elsewhere"));
  }

  /** A cluster below a nested SPIRE: its server's own agents belong to a root that is elsewhere. */
  private static ClusterScene below() {
    ClusterScene scene =
        healthy()
            .copy(Kind.DAEMON_SET, "spire-agent", "upstream-agent")
            .copy(Kind.POD, "spire-agent-x1y2z", "upstream-agent-abcde")
            .set(
                Kind.POD,
                "upstream-agent-abcde",
                "/metadata/ownerReferences",
                "[{kind: DaemonSet, name: upstream-agent, uid: upstream-agent}]")
            .configMap(
                "upstream-agent",
                "agent.conf",
                """
                agent {
                  trust_domain = "example.org"
                  server_address = "spire.root.example"
                  server_port = "443"
                  socket_path = "/run/spire/sockets/api.sock"
                }
                plugins {
                  NodeAttestor "k8s_psat" { plugin_data { cluster = "demo" } }
                  WorkloadAttestor "k8s" { plugin_data { skip_kubelet_verification = true } }
                }
                """)
            .configEdit(
                "spire-server",
                "server.conf",
                "plugins {",
                "plugins {\nUpstreamAuthority \"spire\" { plugin_data { server_address ="
                    + " \"spire.root.example\" server_port = 443 } }\n");
    for (Kind kind : List.of(Kind.POD, Kind.DAEMON_SET)) {
      String name = kind == Kind.POD ? "upstream-agent-abcde" : "upstream-agent";
      scene.edit(
          kind,
          name,
          object -> {
            JsonNode spec = object.at(kind == Kind.POD ? "/spec" : "/spec/template/spec");
            ((ObjectNode) spec).put("serviceAccountName", "upstream-agent");
            ((ObjectNode) spec.at("/volumes/0/configMap")).put("name", "upstream-agent");
            ((ObjectNode) spec.at("/volumes/1/hostPath")).put("path", "/run/spire/upstream");
          });
    }
    return scene;
  }

  /** Whether the root lets them attest is not to be read from this server's allow list. */
  @Test
  void theAgentsOfARootElsewhereAreNotThisServers() {
    assertThat(below().report().findings()).isEmpty();
    ClusterScene refused =
        below()
            .notReady("upstream-agent-abcde")
            .log(
                "spire-system",
                "upstream-agent-abcde",
                "spire-agent",
                false,
                "time=\"2026-01-02T03:03:50Z\" level=error msg=\"Agent crashed\" error=\"rpc error: code"
                    + " = PermissionDenied desc = failed to attest: nodeattestor(k8s_psat):"
                    + " \\\"spire-system:upstream-agent\\\" is not an allowed service account\"\n");
    assertThat(refused.report().findings())
        .isNotEmpty()
        .allSatisfy(
            one ->
                assertThat(one.finding().remedies().toString())
                    .doesNotContain("service_account_allow_list"));
    // Nor do this server's entries tell what a pod at their socket gets.
    Report web =
        below()
            .set(Kind.POD, "web", "/spec/volumes/0/hostPath/path", "/run/spire/upstream")
            .report();
    assertThat(web.verdict()).isNotEqualTo(Report.Verdict.HEALTHY);
  }
}
