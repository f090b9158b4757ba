package org.spiredoctor.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an agent's id and selectors tell of where it is. */
class AgentTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private static Agent agent(String type, String id, String... selectors) {
    return new Agent(
        "spiffe://example.org/spire/agent/" + id,
        type,
        Some.selectors(selectors),
        false,
        true,
        Optional.of(NOW),
        Optional.empty());
  }

  @Test
  void anIdByNode() {
    Agent agent = agent("k8s_psat", "k8s_psat/demo/1f");
    assertThat(agent.cluster()).contains("demo");
    assertThat(agent.nodeUid()).contains("1f");
    assertThat(agent.podUid()).isEmpty();
    assertThat(agent.nodeName()).isEmpty();
    assertThat(agent.byPod()).isFalse();
  }

  @Test
  void anIdByPod() {
    Agent agent = agent("k8s_psat", "k8s_psat/demo/pod/2a");
    assertThat(agent.cluster()).contains("demo");
    assertThat(agent.nodeUid()).isEmpty();
    assertThat(agent.podUid()).contains("2a");
    assertThat(agent.byPod()).isTrue();
    // A cluster of that name has nodes.
    assertThat(agent("k8s_psat", "k8s_psat/pod/1f").nodeUid()).contains("1f");
  }

  @Test
  void selectorsTellMore() {
    Agent agent =
        agent(
            "k8s_psat",
            "k8s_psat/demo/pod/2a",
            "k8s_psat:agent_node_uid:1f",
            "k8s_psat:agent_node_name:node-1",
            "k8s_psat:agent_pod_uid:2a",
            "k8s_psat:cluster:demo");
    assertThat(agent.nodeUid()).contains("1f");
    assertThat(agent.nodeName()).contains("node-1");
    assertThat(agent.podUid()).contains("2a");
    // Those of another attestor do not.
    assertThat(agent("k8s_psat", "other", "k8s:agent_node_uid:1f").nodeUid()).isEmpty();
  }

  @Test
  void aServiceAccountTokenTellsTheClusterAlone() {
    Agent agent = agent("k8s_sat", "k8s_sat/demo/7c");
    assertThat(agent.cluster()).contains("demo");
    assertThat(agent.nodeUid()).isEmpty();
    assertThat(agent.podUid()).isEmpty();
  }

  @Test
  void othersTellNothing() {
    for (String type : Set.of("join_token", "x509pop", "aws_iid")) {
      Agent agent = agent(type, type + "/a/b", type + ":cluster:x", type + ":agent_node_uid:y");
      assertThat(agent.cluster()).isEmpty();
      assertThat(agent.nodeUid()).isEmpty();
      assertThat(agent.podUid()).isEmpty();
    }
  }

  @Test
  void whoIsBannedOrExpiredIsGivenNothing() {
    Agent agent = agent("k8s_psat", "k8s_psat/demo/1f");
    assertThat(agent.validAt(NOW.minusSeconds(1))).isTrue();
    assertThat(agent.validAt(NOW)).isFalse();
    Agent banned =
        new Agent(agent.id(), "k8s_psat", Set.of(), true, true, Optional.empty(), Optional.empty());
    assertThat(banned.validAt(NOW)).isFalse();
  }
}
