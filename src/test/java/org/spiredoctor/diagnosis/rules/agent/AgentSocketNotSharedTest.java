package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.agentConf;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class AgentSocketNotSharedTest {
  @Test
  void agentSocketNotShared() {
    Finding found =
        Expect.first(
            "agent-socket-not-shared", agentConf("/run/spire/sockets/", "/run/elsewhere/"));
    assertThat(command(found))
        .contains(
            "\\/run\\/elsewhere\\/api\\.sock([[:space:]\",}]|$)"
                + "/\\1\\/run\\/spire\\/sockets\\/api.sock\\3/");
  }
}
