package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Link;
import org.spiredoctor.kube.Kind;

/** Logs tell of now: what failed before, and does not fail any more, is not found. */
class FreshLogsTest {
  private static final String BUNDLE =
      "level=error msg=\"Agent crashed\" error=\"failed to get SVID: x509: certificate signed by"
          + " unknown authority\"\n";
  private static final String REFUSED =
      "level=warning msg=\"Failed to retrieve attestation result\" error=\"could not open"
          + " attestation stream to SPIRE server: rpc error: code = Unavailable desc = connection"
          + " error: desc = \\\"transport: Error while dialing: dial tcp 10.96.0.7:8081: connect:"
          + " connection refused\\\"\"\n";
  private static final String AGENT = "spire-agent-x1y2z";

  private static List<String> ids(ClusterScene scene) {
    return scene.report().findings().stream().map(one -> one.finding().id()).toList();
  }

  private static ClusterScene agent() {
    return ClusterScene.healthy().agentNotReady();
  }

  @Test
  void theLastFailureOfAnAgentIsTheOneOfNow() {
    assertThat(ids(agent().agentLog(BUNDLE + REFUSED)))
        .contains("agent-server-unreachable")
        .doesNotContain("agent-trust-bundle-mismatch");
    assertThat(ids(agent().agentLog(REFUSED + BUNDLE)))
        .contains("agent-trust-bundle-mismatch")
        .doesNotContain("agent-server-unreachable");
  }

  @Test
  void soItIsWithTheOneOfTheRunBefore() {
    assertThat(
            ids(agent().log("spire-system", AGENT, "spire-agent", true, BUNDLE).agentLog(REFUSED)))
        .contains("agent-server-unreachable")
        .doesNotContain("agent-trust-bundle-mismatch");
  }

  @Test
  void whatAnAgentDoesNotRepeatIsOver() {
    String then = "time=\"2026-01-02T01:00:00Z\" ";
    String soon = "time=\"2026-01-02T01:02:00Z\" level=info msg=hello\n";
    String late = "time=\"2026-01-02T01:40:00Z\" level=info msg=hello\n";
    // By its own clock, which may be wrong.
    assertThat(ids(agent().agentLog(then + BUNDLE + soon))).contains("agent-trust-bundle-mismatch");
    assertThat(ids(agent().agentLog(then + BUNDLE + late)))
        .contains("agent-not-ready")
        .doesNotContain("agent-trust-bundle-mismatch");
  }

  @Test
  void anAgentThatIsListedIsAttestedOnlyWhileItIsReady() {
    Link attested =
        agent().askingFor("apps", "web").report().path().stream()
            .filter(link -> link.name().equals("attested"))
            .findFirst()
            .orElseThrow();
    assertThat(attested.state()).isEqualTo(Link.State.UNSEEN);
    assertThat(attested.text()).isEqualTo(ClusterScene.AGENT + ", when the server last saw it");
  }

  @Test
  void anAgentThatIsStoppedHidesNothing() {
    String stopped = "level=error msg=\"Agent crashed\" error=\"context canceled\"\n";
    assertThat(ids(agent().agentLog(REFUSED + stopped))).contains("agent-server-unreachable");
  }

  @Test
  void aWebhookThatFailedAnHourAgoMayWorkNow() {
    ClusterScene scene =
        ClusterScene.healthy()
            .controllerManager("entryIDPrefix: demo\n")
            .event(
                "Job", "apps", "install", "Failed", "failed calling webhook \"x.spire-spiffe-io\"");
    assertThat(ids(scene)).containsExactly("controller-webhook-failing");
    scene.edit(
        Kind.EVENT,
        "",
        event -> event.put("lastTimestamp", ClusterScene.NOW.minusSeconds(3600).toString()));
    Expect.healthy(scene);
  }

  @Test
  void theWebhookOfACrashedServerIsNoFindingOfItsOwn() {
    ClusterScene scene =
        ClusterScene.healthy()
            .controllerManager("entryIDPrefix: demo\n")
            .serverCrashes("level=error msg=\"Server crashed\" error=\"no space left\"\n")
            .controllerLog(
                "2026-01-02T03:04:00Z\tERROR\twebhook\tfailed to refresh\t{\"error\": \"no"
                    + " server\"}\n");
    assertThat(ids(scene))
        .contains("server-not-ready")
        .doesNotContain("controller-webhook-failing");
  }

  /** It runs for a moment each time, and its webhook's service has nothing behind it. */
  @Test
  void norIsItBetweenTwoCrashes() {
    ClusterScene scene =
        ClusterScene.healthy()
            .controllerManager("entryIDPrefix: demo\n")
            .serverCrashes("level=error msg=\"Server crashed\" error=\"no space left\"\n")
            .set(
                Kind.POD,
                "spire-server-0",
                "/status/containerStatuses/0/state",
                "{running: {startedAt: '2026-01-02T03:04:04Z'}}")
            .event(
                "Job", "apps", "install", "Failed", "failed calling webhook \"x.spire-spiffe-io\"");
    assertThat(ids(scene))
        .contains("server-not-ready")
        .doesNotContain("controller-webhook-failing");
  }

  @Test
  void aBundleThatCameAfterAllIsThere() {
    String failed =
        "time=\"2026-01-02T03:03:00Z\" level=error msg=\"Error updating bundle\""
            + " error=\"connection refused\" trust_domain=other.org\n";
    String came = "time=\"2026-01-02T03:04:00Z\" level=info msg=\"Bundle refreshed\" trust_domain=";
    assertThat(ids(ClusterScene.healthy().serverLog(failed))).isNotEmpty();
    assertThat(ids(ClusterScene.healthy().serverLog(failed + came + "third.org\n"))).isNotEmpty();
    Expect.healthy(ClusterScene.healthy().serverLog(failed + came + "other.org\n"));
  }

  @Test
  void aProgramThatFoundItsAddressAfterAllIsTold() {
    String missing = "workload endpoint socket address is not configured\n";
    ClusterScene scene =
        ClusterScene.healthy()
            .edit(
                Kind.POD,
                "web",
                pod ->
                    ((ObjectNode) pod.at("/status/containerStatuses/0"))
                        .put("restartCount", 1)
                        .putObject("lastState")
                        .putObject("terminated")
                        .put("exitCode", 1));
    assertThat(ids(scene.log("apps", "web", "app", false, missing)))
        .containsExactly("socket-not-configured");
    Expect.healthy(scene.log("apps", "web", "app", false, missing + "Received 1 svid after 2s\n"));
    Expect.healthy(
        scene.log("apps", "web", "app", true, missing).log(
            "apps", "web", "app", false, "listening\n"));
  }

  /** Envoy's words in an agent's log are whoever's runs the Envoy. */
  @Test
  void whatAClientWroteIntoTheLogIsNotTheAgents() {
    String forbidden = "unexpected status code on pods response: 403 Forbidden";
    Expect.healthy(
        ClusterScene.healthy()
            .agentLog(
                "time=\"2026-01-02T03:04:00Z\" level=error"
                    + " msg=\"Envoy reported errors applying secrets\" error=\""
                    + forbidden
                    + "\"\n"));
    // Nor does it show that all is well.
    Expect.first(
        "kubelet-forbidden",
        ClusterScene.healthy()
            .agentLog(
                "time=\"2026-01-02T03:03:50Z\" level=error msg=\"Failed to attest\" error=\""
                    + forbidden
                    + "\"\n"
                    + "time=\"2026-01-02T03:03:51Z\" level=debug msg=\"Received StreamSecrets"
                    + " request\" resource_names=\"[Starting agent APIs]\"\n"));
  }
}
