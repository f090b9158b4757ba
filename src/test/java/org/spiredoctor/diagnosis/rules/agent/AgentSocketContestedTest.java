package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.POD;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class AgentSocketContestedTest {
  @Test
  void agentSocketContested() {
    ClusterScene scene = ClusterScene.healthy();
    scene.copy(Kind.DAEMON_SET, "spire-agent", "spire-agent-old");
    scene.copy(Kind.POD, POD, "spire-agent-old-1");
    scene.set(
        Kind.POD,
        "spire-agent-old-1",
        "/metadata/ownerReferences",
        "[{kind: DaemonSet, name: spire-agent-old, uid: spire-agent-old}]");
    Finding found = Expect.first("agent-socket-contested", scene);
    assertThat(found.summary()).contains("spire-agent-old", "node-1");
  }
}
