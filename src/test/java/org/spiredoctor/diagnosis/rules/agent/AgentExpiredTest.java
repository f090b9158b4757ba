package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.DELETE;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.agent;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class AgentExpiredTest {
  @Test
  void agentExpired() {
    Finding found =
        Expect.first(
            "agent-expired", ClusterScene.healthy().attested(agent(false, NOW.minusSeconds(60))));
    assertThat(command(found)).isEqualTo(DELETE);
    Expect.healthy(
        ClusterScene.healthy()
            .attested(agent(false, NOW.minusSeconds(60)), agent(false, NOW.plusSeconds(60))));
  }
}
