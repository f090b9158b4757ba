package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.identity.Entry;
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

  /** Every five minutes for three quarters of an hour. */
  private static String failures(String error) {
    StringBuilder log = new StringBuilder();
    for (int minute = 18; minute <= 63; minute += 5) {
      log.append(
          "time=\"2026-01-02T%02d:%02d:45Z\" level=error msg=\"Synchronize failed\" error=\"%s\"%n"
              .formatted(2 + minute / 60, minute % 60, error));
    }
    return log.toString();
  }

  /** A new one would have to reach the server, which this one cannot; it would serve nothing. */
  @Test
  void anAgentThatIsCutOffIsNoHealthyOne() {
    ClusterScene scene =
        ClusterScene.healthy().agentLog(failures("failed to dial: context deadline exceeded"));
    Finding found = Expect.first("agent-sync-backoff", scene);
    assertThat(found.severity()).isEqualTo(Severity.ERROR);
    assertThat(found.summary()).contains("could not ask the server since 2026-01-02T02:18:45Z");
    assertThat(found.remedies()).noneMatch(Remedy.Command.class::isInstance);
    // The outage is over, and what the agent had goes on being served.
    scene.merge(
        Kind.POD,
        "spire-server-0",
        "/status/containerStatuses/0",
        "{state: {running: {startedAt: '2026-01-02T03:03:50Z'}}}");
    found = Expect.first("agent-sync-backoff", scene);
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    assertThat(found.remedies().getFirst().block())
        .isEqualTo("kubectl delete pod -n spire-system spire-agent-x1y2z");
    // A pod whose entry was made since has no identity, be the server back or not.
    scene.webEntry(
        made(
            ClusterScene.entry("web", ClusterScene.WEB, ClusterScene.ALIAS, "k8s:ns:apps"),
            "2026-01-02T02:30:00Z"));
    found = Expect.first("agent-sync-backoff", scene);
    assertThat(found.severity()).isEqualTo(Severity.ERROR);
    assertThat(found.summary()).contains("does not have the newest entries of its pods");
  }

  private static Entry made(Entry entry, String at) {
    return new Entry(
        entry.id(),
        entry.spiffeId(),
        entry.parentId(),
        entry.selectors(),
        entry.expiresAt(),
        Optional.of(Instant.parse(at)),
        entry.downstream(),
        entry.storeSvid(),
        entry.hint(),
        entry.federatesWith(),
        entry.settings());
  }

  @Test
  void anEntryThatFederatesWithNothingIsToldFromOutside() {
    Finding found =
        Expect.first(
            "federation-bundle-missing", ClusterScene.healthy().federatingWith("other.org"));
    assertThat(found.remedies().getFirst().toString()).contains("-federatesWith", "other.org");
  }
}
