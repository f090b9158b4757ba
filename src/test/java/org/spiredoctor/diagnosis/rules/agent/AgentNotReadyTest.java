package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.DELETE;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.POD;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class AgentNotReadyTest {
  private static final String RECOVERED =
      """
      level=warning msg="Failed to retrieve attestation result" error="join token expired"
      level=info msg="Node attestation was successful"
      """;

  @Test
  void agentNotReady() {
    Finding found =
        Expect.first(
            "agent-not-ready",
            ClusterScene.healthy()
                .agentCrashes("level=error msg=\"Agent crashed\" error=\"no space left\"\n"));
    assertThat(found.evidence().toString()).contains("Agent crashed: no space left");
    assertThat(found.scope().nodes()).containsExactly("node-1");
    Report unread =
        ClusterScene.healthy().agentNotReady().logForbidden(POD, "spire-agent").report();
    assertThat(unread.unknown()).extracting("id").contains("agent-psat-rejected", "agent-banned");
  }

  @Test
  void anErrorOfEarlierIsNoFindingOnceTheAgentIsWell() {
    Expect.healthy(ClusterScene.healthy().agentLog(RECOVERED));
    Expect.first("agent-not-ready", ClusterScene.healthy().agentNotReady().agentLog(RECOVERED));
  }

  @Test
  void anInitContainerThatAnAgentWaitsForIsNamed() {
    ClusterScene scene =
        ClusterScene.healthy()
            .attested()
            .agentNotReady()
            .set(
                Kind.POD,
                POD,
                "/spec/initContainers",
                "[{name: wait-for-vault, image: 'busybox:1'}]")
            .set(
                Kind.POD,
                POD,
                "/status/initContainerStatuses",
                "[{name: wait-for-vault, ready: false, restartCount: 0,"
                    + " state: {running: {startedAt: '2026-01-02T02:00:00Z'}}}]")
            .set(
                Kind.POD,
                POD,
                "/status/containerStatuses",
                "[{name: spire-agent, ready: false, restartCount: 0,"
                    + " state: {waiting: {reason: PodInitializing}}}]")
            .log("spire-system", POD, "wait-for-vault", false, "vault is sealed\n");
    Finding found = Expect.first("agent-not-ready", scene);
    assertThat(found.summary())
        .endsWith("has not started: it waits for its init container wait-for-vault");
    assertThat(found.evidence().toString()).contains("vault is sealed");
    assertThat(command(found)).contains("kubectl logs", "-c wait-for-vault");
  }

  @Test
  void anAgentThatHangsIsStartedAnew() {
    Finding found =
        Expect.first(
            "agent-not-ready",
            ClusterScene.healthy()
                .agentNotReady()
                .event(
                    "Pod",
                    "spire-system",
                    POD,
                    "Unhealthy",
                    "Readiness probe failed: Get \"http://172.30.0.1:8080/ready\": context deadline"
                        + " exceeded"));
    assertThat(found.summary()).contains("hangs");
    assertThat(command(found)).isEqualTo(DELETE);
  }
}
