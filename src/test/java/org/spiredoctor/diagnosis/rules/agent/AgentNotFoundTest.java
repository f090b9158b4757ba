package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.withoutAgent;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class AgentNotFoundTest {
  @Test
  void agentNotFound() {
    Finding found =
        Expect.first("agent-not-found", withoutAgent().remove(Kind.DAEMON_SET, "spire-agent"));
    assertThat(command(found)).isEqualTo("kubectl get daemonsets,pods -A -o wide");
    // The server still lists the agent that is gone.
    Report listed =
        ClusterScene.healthy()
            .remove(Kind.POD, "spire-agent-x1y2z")
            .remove(Kind.DAEMON_SET, "spire-agent")
            .report();
    assertThat(listed.causes().map(Finding::id)).contains("agent-not-found");
  }
}
