package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.refused;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class AgentJoinTokenInvalidTest {
  @Test
  void agentJoinTokenInvalid() {
    Finding found =
        Expect.first(
            "agent-join-token-invalid",
            refused("failed to attest: join token does not exist or has already been used"));
    assertThat(command(found)).endsWith("spire-server token generate -ttl 3600");
  }
}
