package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.kube.Kind;

/** Rules that judge by what programs logged. */
class ClusterLogRulesTest {
  private static final String TIME = "time=\"2026-01-02T03:04:00Z\" ";

  private static ClusterScene waiting() {
    return ClusterScene.healthy()
        .set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: \"False\"}]");
  }

  @Test
  void serverCacheReload() {
    String failed =
        "level=error msg=\"Failed to reload entry cache\" error=\"database is locked\"\n";
    Finding found =
        Expect.first("server-cache-reload", ClusterScene.healthy().serverLog(TIME + failed));
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    Expect.healthy(ClusterScene.healthy().serverLog("time=\"2026-01-02T02:00:00Z\" " + failed));
  }

  @Test
  void entryParentAliasPending() {
    String attested = "level=info msg=\"Node attestation was successful\"\n";
    Expect.first("entry-parent-alias-pending", waiting().agentLog(TIME + attested));
    assertThat(waiting().agentLog("time=\"2026-01-02T03:00:00Z\" " + attested).report().findings())
        .noneMatch(f -> f.finding().id().equals("entry-parent-alias-pending"));
  }

  @Test
  void cgroupV2Unsupported() {
    Finding found =
        Expect.first(
            "cgroup-v2-unsupported",
            ClusterScene.healthy()
                .agentConfig(
                    """
                    plugins {
                      WorkloadAttestor "k8s" {
                        plugin_data { use_new_container_locator = false }
                      }
                    }
                    """)
                .agentLog(
                    TIME
                        + "level=error msg=\"No identity issued\" registered=false"
                        + " selectors=\"[type:\\\"unix\\\" value:\\\"uid:0\\\"]\"\n"));
    assertThat(found.evidence().toString()).contains("use_new_container_locator = false");
  }

  @Test
  void socketTakenByIstio() {
    Expect.first(
        "socket-taken-by-istio",
        waiting()
            .log(
                "apps",
                "web",
                "app",
                false,
                "failed to remove unix://var/run/secrets/workload-spiffe-uds/socket: read-only\n"));
  }

  @Test
  void agentSocketDirectoryUnsupported() {
    Expect.first(
        "agent-socket-directory-unsupported",
        ClusterScene.healthy()
            .agentCrashes(
                TIME
                    + "level=error msg=\"Agent crashed\" error=\"unable to change UDS permissions:"
                    + " chmod /run/spire/sockets/agent.sock: invalid argument\"\n"));
  }

  @Test
  void attestationEphemeralContainer() {
    ClusterScene scene =
        ClusterScene.healthy()
            .set(Kind.POD, "web", "/spec/ephemeralContainers", "[{name: debug, image: busybox}]")
            .set(
                Kind.POD,
                "web",
                "/status/ephemeralContainerStatuses",
                "[{name: debug, containerID: 'containerd://74c83db2', state: {running: {}}}]")
            .agentLog(
                TIME
                    + "level=debug msg=\"Container id not found; will retry after backoff\""
                    + " attempt=26 container_id=74c83db2\n");
    assertThat(Expect.first("attestation-ephemeral-container", scene).severity())
        .isEqualTo(Severity.WARNING);
  }

  @Test
  void anAgentThatBacksOffIsToldFromOutside() {
    String failed = "level=error msg=\"Synchronize failed\" error=\"unavailable\"\n";
    Finding found =
        Expect.first(
            "agent-sync-backoff",
            ClusterScene.healthy()
                .agentLog(
                    "time=\"2026-01-02T03:02:00Z\" "
                        + failed
                        + "time=\"2026-01-02T03:03:30Z\" "
                        + failed));
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
  }

  @Test
  void anEntryThatFederatesWithNothingIsToldFromOutside() {
    Finding found =
        Expect.first(
            "federation-bundle-missing", ClusterScene.healthy().federatingWith("other.org"));
    assertThat(found.remedies().getFirst().toString()).contains("-federatesWith", "other.org");
  }
}
