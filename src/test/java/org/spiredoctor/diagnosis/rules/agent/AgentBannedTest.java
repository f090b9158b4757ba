package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.AGENT;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.DELETE;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.agent;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;

class AgentBannedTest {
  @Test
  void agentBanned() {
    Finding listed =
        Expect.first(
            "agent-banned", ClusterScene.healthy().attested(agent(true, NOW.plusSeconds(60))));
    assertThat(command(listed))
        .isEqualTo(
            "kubectl exec -n spire-system spire-server-0 -c spire-server --"
                + " /opt/spire/bin/spire-server agent evict -spiffeID "
                + AGENT);
    assertThat(((Remedy.Command) listed.remedies().get(1)).command()).isEqualTo(DELETE);
    Expect.first(
        "agent-banned",
        ClusterScene.healthy()
            .attested()
            .agentCrashes(
                "level=error msg=\"Agent crashed\" error=\"failed to attest: agent is banned\"\n"));
  }
}
