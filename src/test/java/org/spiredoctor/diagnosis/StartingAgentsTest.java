package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.LayoutReports.at;
import static org.spiredoctor.diagnosis.LayoutReports.first;
import static org.spiredoctor.diagnosis.LayoutReports.healthy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.kube.Kind;

/** An agent is given time, and what it needs, before it is called broken. */
class StartingAgentsTest {
  /** Our own container has waited for it, over the same mount, after the agent's start. */
  private static ClusterScene waited(String image, String mount, String ended, int exitCode) {
    return at("unix:///spiffe-workload-api/agent.sock")
        .set(
            Kind.POD,
            "web",
            "/spec/initContainers",
            """
            [{name: wait, image: "%s", args: [wait],
              env: [{name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///spiffe-workload-api/agent.sock"}],
              volumeMounts: [%s]}]
            """
                .formatted(image, mount))
        .set(
            Kind.POD,
            "web",
            "/status/initContainerStatuses",
            """
            [{name: wait, ready: true, restartCount: 0,
              state: {terminated: {exitCode: %d, finishedAt: "%s"}}}]
            """
                .formatted(exitCode, ended))
        .set(
            Kind.POD,
            "spire-agent-x1y2z",
            "/status/containerStatuses/0/state",
            "{running: {startedAt: '2026-01-02T03:00:00Z'}}");
  }

  @Test
  void whatWasFoundByWhoWaitedIsThere() {
    String image = "ghcr.io/spiredoctor/spire-doctor:0.1";
    String mount = "{name: spire, mountPath: /spiffe-workload-api, readOnly: true}";
    healthy(waited(image, mount, "2026-01-02T03:01:00Z", 0));
    String astray = "pod-socket-path-mismatch";
    assertThat(first(waited("busybox:1.37", mount, "2026-01-02T03:01:00Z", 0))).isEqualTo(astray);
    // The agent was started again, perhaps with another socket.
    assertThat(first(waited(image, mount, "2026-01-02T02:59:00Z", 0))).isEqualTo(astray);
    for (String other : List.of("--socket, unix:///x/y.sock", "--help")) {
      assertThat(
              first(
                  waited(image, mount, "2026-01-02T03:01:00Z", 0)
                      .set(
                          Kind.POD, "web", "/spec/initContainers/0/args", "[wait, " + other + "]")))
          .isEqualTo(astray);
    }
    // Another directory.
    assertThat(
            first(
                waited(
                    image,
                    "{name: spire, mountPath: /spiffe-workload-api, subPath: x}",
                    "2026-01-02T03:01:00Z",
                    0)))
        .isEqualTo(astray);
  }

  /** Its readiness was not asked for yet. */
  private static ClusterScene restarted() {
    return Layouts.chart()
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
  }

  /** The chart's probe asks after 10 s, and then every 30 s. */
  @Test
  void anAgentThatServesIsNotBrokenBecauseNobodyAskedItYet() {
    ClusterScene restarted = restarted();
    String refused =
        "time=\"2026-01-02T03:03:46Z\" level=warning msg=\"dial tcp 10.96.0.7:8081: connection"
            + " refused\"\n";
    String serves =
        "time=\"2026-01-02T03:03:47Z\" level=info msg=\"Starting Workload and SDS APIs\"\n";
    healthy(restarted.agentLog(refused + serves));
    assertThat(
            first(
                restarted.agentLog(
                    serves + "time=\"2026-01-02T03:03:48Z\" level=error msg=\"Agent crashed\"\n")))
        .isEqualTo("agent-not-ready");
    // It has failed before, and may again.
    assertThat(
            first(
                restarted
                    .set(
                        Kind.POD,
                        "spire-agent-x1y2z",
                        "/status/containerStatuses/0/lastState",
                        "{terminated: {exitCode: 1, finishedAt: '2026-01-02T03:03:40Z'}}")
                    .agentLog(refused + serves)))
        .isEqualTo("agent-not-ready");
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

  private static ClusterScene startedNow(int second, String log) {
    return Layouts.istio("2026-01-02T03:03:00Z")
        .set(Kind.POD, "web", "/metadata/creationTimestamp", "'2026-01-02T03:03:10Z'")
        .set(
            Kind.POD,
            "spire-agent-x1y2z",
            "/status/containerStatuses/0/state",
            "{running: {startedAt: '2026-01-02T03:03:%02dZ'}}".formatted(second))
        .attested()
        .agentLog(log);
  }

  private static void isNotKnownYet(ClusterScene scene, String what) {
    Report report = scene.report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown().toString()).contains(what);
  }

  /** Without probes an agent is ready before it is attested. */
  @Test
  void anAgentIsGivenTheTimeToAttest() {
    String starts = "time=\"2026-01-02T03:03:50Z\" level=info msg=\"SVID is not found\"\n";
    isNotKnownYet(startedNow(50, starts), "is attested: it was started 15 s ago");
    assertThat(first(startedNow(20, starts))).isEqualTo("agent-not-attested");
    assertThat(
            first(
                startedNow(
                    50,
                    starts
                        + "time=\"2026-01-02T03:03:51Z\" level=error msg=\"Agent failed\" error=x\n")))
        .isEqualTo("agent-not-attested");
  }

  /** The kubelet brings what is in a config map within two minutes. */
  @Test
  void anAgentWaitsForTheBundleThatTheServerHasPublished() {
    String noBundle =
        "time=\"2026-01-02T03:03:06Z\" level=error msg=\"Failed to retrieve attestation result\""
            + " error=\"could not parse trust bundle: open /run/spire/bundle/bundle.crt: no such"
            + " file or directory\"\n";
    ClusterScene scene =
        startedNow(5, noBundle)
            .configEdit(
                "spire-agent",
                "agent.conf",
                "agent {",
                "agent {\n  trust_bundle_path = \"/run/spire/config/bundle.crt\"");
    assertThat(first(scene)).isEqualTo("agent-trust-bundle-mismatch");
    isNotKnownYet(
        scene.addToConfigMap("spire-agent", "bundle.crt", "-----BEGIN CERTIFICATE-----"),
        "the config map spire-agent has it now");
    // It is not brought to what is mounted as a file of its own.
    Finding late =
        scene
            .set(
                Kind.POD,
                "spire-agent-x1y2z",
                "/status/containerStatuses/0/state",
                "{running: {startedAt: '2026-01-02T03:01:00Z'}}")
            .report()
            .findings()
            .getFirst()
            .finding();
    assertThat(late.evidence().toString()).contains("has the key now");
    assertThat(late.remedies().getFirst().summary()).isEqualTo("Restart the agents");
  }

  /** One that was started again may be about to be killed again, however it ended. */
  @Test
  void anAgentThatWasStartedAgainIsNotUpBeforeItIsReady() {
    ClusterScene restarted =
        restarted()
            .set(Kind.POD, "spire-agent-x1y2z", "/status/containerStatuses/0/restartCount", "6")
            .agentLog(
                "time=\"2026-01-02T03:03:47Z\" level=info msg=\"Starting Workload and SDS APIs\"\n");
    assertThat(first(restarted)).isEqualTo("agent-not-ready");
  }
}
