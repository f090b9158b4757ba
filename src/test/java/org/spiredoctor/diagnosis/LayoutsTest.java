package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.kube.Kind;

/** What is well in the layouts of others is called well, and nothing else is. */
class LayoutsTest {

  private static void healthy(ClusterScene scene) {
    Report report = scene.report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.HEALTHY);
  }

  private static String first(ClusterScene scene) {
    return scene.report().findings().getFirst().finding().id();
  }

  private static ClusterScene at(String address) {
    return Layouts.chart().set(Kind.POD, "web", "/spec/containers/0/env/0/value", address);
  }

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

  /** The container that waited has succeeded: the socket was there. */
  @Test
  void whatWasFoundByWhoWaitedIsThere() {
    String there =
        """
        [{name: wait, image: "busybox:1.37", command: [/spiffe-workload-api/agent.sock],
          volumeMounts: [{name: spire, mountPath: /spiffe-workload-api}]}]
        """;
    ClusterScene scene =
        at("unix:///spiffe-workload-api/agent.sock")
            .set(Kind.POD, "web", "/spec/initContainers", there);
    String status =
        "[{name: wait, ready: true, restartCount: 0, state: {terminated: {exitCode: %d}}}]";
    healthy(scene.set(Kind.POD, "web", "/status/initContainerStatuses", status.formatted(0)));
    assertThat(
            first(scene.set(Kind.POD, "web", "/status/initContainerStatuses", status.formatted(1))))
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

  @ParameterizedTest
  @CsvSource({
    "ghcr.io/spiffe/spire-agent:1.15.3, '[-config, /x]'",
    "registry.test:5000/mirror/spire-agent@sha256:aa, [run]",
    "registry.redhat.io/ztwim/spiffe-spire-agent-rhel9@sha256:aa, '[-config, /x]'",
    "registry.test/acme-spire-agent:7, '[run, -config, /x]'",
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

  /** The chart's probe asks after 10 s, and then every 30 s. */
  @Test
  void anAgentThatServesIsNotBrokenBecauseNobodyAskedItYet() {
    ClusterScene restarted =
        Layouts.chart()
            .agentNotReady()
            .set(
                Kind.POD,
                "spire-agent-x1y2z",
                "/spec/containers/0/readinessProbe",
                "{initialDelaySeconds: 10, periodSeconds: 30}")
            .set(
                Kind.POD,
                "spire-agent-x1y2z",
                "/status/containerStatuses/0/state",
                "{running: {startedAt: '2026-01-02T03:03:45Z'}}");
    String refused =
        "time=\"2026-01-02T03:03:46Z\" level=warning msg=\"dial tcp 10.96.0.7:8081: connection"
            + " refused\"\n";
    String serves =
        "time=\"2026-01-02T03:03:47Z\" level=info msg=\"Starting Workload and SDS APIs\"\n";
    healthy(restarted.agentLog(refused + serves));
    assertThat(first(restarted.agentLog(refused))).isEqualTo("agent-server-unreachable");
    assertThat(
            first(
                restarted
                    .set(
                        Kind.POD,
                        "spire-agent-x1y2z",
                        "/status/containerStatuses/0/state",
                        "{running: {startedAt: '2026-01-02T03:00:00Z'}}")
                    .agentLog(refused + serves)))
        .isEqualTo("agent-not-ready");
  }
}
