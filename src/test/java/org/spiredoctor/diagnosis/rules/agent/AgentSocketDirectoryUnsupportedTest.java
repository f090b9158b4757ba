package org.spiredoctor.diagnosis.rules.agent;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.rules.Expect;

class AgentSocketDirectoryUnsupportedTest {
  private static final String TIME = "time=\"2026-01-02T03:04:00Z\" ";

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
}
