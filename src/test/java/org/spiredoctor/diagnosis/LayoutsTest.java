package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.LayoutReports.at;
import static org.spiredoctor.diagnosis.LayoutReports.first;
import static org.spiredoctor.diagnosis.LayoutReports.healthy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.kube.Kind;

/** What is well in the layouts of others is called well, and nothing else is. */
class LayoutsTest {
  @ParameterizedTest
  @ValueSource(strings = {"spire-agent.sock", "socket", "api.sock"})
  void aSocketGoesByTheNamesOfItsLinks(String name) {
    healthy(at("unix:///spiffe-workload-api/" + name));
  }

  @Test
  void butByNoOther() {
    assertThat(first(at("unix:///spiffe-workload-api/agent.sock")))
        .isEqualTo("pod-socket-path-mismatch");
  }

  @Test
  void nobodyMadeTheLinksYet() {
    assertThat(
            first(
                at("unix:///spiffe-workload-api/socket")
                    .set(
                        Kind.POD,
                        "spire-agent-x1y2z",
                        "/status/initContainerStatuses",
                        "[{name: ensure-alternate-names, ready: false, state: {terminated: {exitCode: 1}}}]")))
        .isEqualTo("pod-socket-path-mismatch");
  }

  /** As the client of SPIRE's quickstart: the agent's image, and another command. */
  @Test
  void whoRunsTheAgentsImageIsNoAgent() {
    ClusterScene scene =
        ClusterScene.healthy()
            .set(Kind.POD, "web", "/spec/containers/0/image", "ghcr.io/spiffe/spire-agent:1.5.1")
            .set(
                Kind.POD,
                "web",
                "/spec/containers/0/command",
                "[/opt/spire/bin/spire-agent, api, watch, -socketPath, /spire-socket/api.sock]");
    healthy(scene);
    assertThat(scene.evidence().agents()).hasSize(1);
  }

  /** Without the label that its entry asks for, it has none: it is judged, and not passed over. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry.test/my-spire-agent-client:1",
        "spiffe-csi-driver-example-workload:example",
        "ghcr.io/spiffe/oidc-discovery-provider:1.15.3",
        "registry.test/spire-server-dashboard@sha256:aa",
        "registry.test/spire-controller-manager-ui:2"
      })
  void anImageThatMerelyHasSuchAWordInItsNameIsAWorkload(String image) {
    ClusterScene scene =
        ClusterScene.healthy()
            .set(Kind.POD, "web", "/spec/containers/0/image", '"' + image + '"')
            .set(Kind.POD, "web", "/metadata/labels", "{app: wbe}");
    assertThat(scene.evidence().agents()).hasSize(1);
    assertThat(scene.evidence().servers()).hasSize(1);
    assertThat(first(scene)).isEqualTo("entry-selector-mismatch");
  }

  /** A config map that is none of SPIRE's makes no SPIRE of such an image, whatever it is told. */
  @ParameterizedTest
  @CsvSource({
    "acme/spire-server-dashboard:1, '[]'",
    "acme/spire-server-dashboard:1, '[-listen, 80]'",
    "acme/spire-agent-client:1, '[run]'"
  })
  void norIsAnImageWithAConfigMapOfItsOwn(String image, String arguments) {
    ClusterScene scene =
        ClusterScene.healthy()
            .set(Kind.POD, "web", "/spec/containers/0/image", '"' + image + '"')
            .set(Kind.POD, "web", "/spec/containers/0/args", arguments)
            .set(Kind.POD, "web", "/metadata/labels", "{app: wbe}")
            .configMapIn("apps", "ui", "ui.conf", "listen = 80")
            .webMounts("ui", "/etc/ui");
    assertThat(scene.evidence().agents()).hasSize(1);
    assertThat(scene.evidence().servers()).hasSize(1);
    assertThat(first(scene)).isEqualTo("entry-selector-mismatch");
  }

  @ParameterizedTest
  @CsvSource({
    "ghcr.io/spiffe/spire-agent:1.15.3, '[-config, /x]'",
    "registry.test:5000/mirror/spire-agent@sha256:aa, [run]",
    "registry.redhat.io/ztwim/spiffe-spire-agent-rhel9@sha256:aa, '[-config, /x]'",
    "registry.test/acme-spire-agent:7, '[run, -config, /x]'",
    "registry.test/spire-agent-acme:7, [run]",
    "registry.test/spire-agent-arm64:1.15.3, '[-config, /x]'",
    "registry.test/spiffe_spire-agent:1.15.3, '[-config, /x]'",
    "registry.test/spire-agent1:1.15.3, '[-config, /x]'",
  })
  void agentsGoByManyNames(String image, String arguments) {
    ClusterScene scene =
        ClusterScene.healthy()
            .set(Kind.POD, "spire-agent-x1y2z", "/spec/containers/0/image", '"' + image + '"')
            .set(
                Kind.DAEMON_SET,
                "spire-agent",
                "/spec/template/spec/containers/0/image",
                '"' + image + '"')
            .set(Kind.DAEMON_SET, "spire-agent", "/spec/template/spec/containers/0/args", arguments)
            .set(Kind.POD, "spire-agent-x1y2z", "/spec/containers/0/args", arguments);
    assertThat(scene.evidence().agents()).hasSize(1);
  }

  /** The driver hands out the directory as it is, so that the file has the agent's name for it. */
  @Test
  void theSocketInAVolumeOfAgentAndDriverHasTheNameThatTheAgentGivesIt() {
    ClusterScene scene =
        Layouts.istio("2026-01-02T02:00:00Z")
            .configEdit(
                "spire-agent",
                "agent.conf",
                "workload-spiffe-uds/socket",
                "workload-spiffe-uds/agent.sock");
    Report report = scene.report();
    assertThat(first(scene)).isEqualTo("pod-socket-path-mismatch");
    assertThat(report.findings().getFirst().finding().remedies().toString())
        .contains("unix:///run/secrets/workload-spiffe-uds/agent.sock");
    assertThat(Layouts.istio("2026-01-02T02:00:00Z").report().findings()).isEmpty();
  }

  /** Each node's agent makes the links there. */
  @Test
  void linksAreThoseOfTheAgentOfTheNode() {
    healthy(Layouts.twoNodes());
    healthy(
        Layouts.twoNodes()
            .set(
                Kind.POD,
                "spire-agent-x1y2z",
                "/status/initContainerStatuses",
                "[{name: ensure-alternate-names, state: {waiting: {reason: PodInitializing}}}]"));
    assertThat(
            first(Layouts.twoNodes().set(Kind.POD, "spire-agent-z", "/spec/initContainers", "[]")))
        .isEqualTo("pod-socket-path-mismatch");
  }
}
