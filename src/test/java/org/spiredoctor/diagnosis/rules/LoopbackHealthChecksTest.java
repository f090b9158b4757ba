package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.POD;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;

/** Health checks that the kubelet cannot reach. */
class LoopbackHealthChecksTest {
  private static ClusterScene probed(String bind, String asked) {
    return ClusterScene.healthy()
        .agentNotReady()
        .agentConfig(
            "health_checks { listener_enabled = true\n " + bind + " bind_port = \"8080\" }\n")
        .event(
            "Pod",
            "spire-system",
            POD,
            "Unhealthy",
            "Liveness probe failed: Get \"http://"
                + asked
                + "/live\": dial tcp "
                + asked
                + ": connect: connection refused");
  }

  @Test
  void healthChecksOnTheLoopbackInterfaceAreNamed() {
    Finding set =
        Expect.first("agent-not-ready", probed("bind_address = \"localhost\"\n", "10.0.0.5:8080"));
    assertThat(set.summary()).contains("loopback interface only", "kills it");
    assertThat(set.evidence().toString()).contains("health_checks bind_address localhost");
    assertThat(command(set)).contains("bind_address", "localhost(", "/\\10.0.0.0\\3/");
    // The same setting of another block is not meant, so no command changes both.
    Finding twice =
        Expect.first(
            "agent-not-ready",
            probed("bind_address = \"localhost\"\n", "10.0.0.5:8080")
                .agentConfig("telemetry { Prometheus { bind_address = \"localhost\" } }\n"));
    assertThat(((Remedy.Patch) twice.remedies().getFirst()).yaml()).startsWith("health_checks {");
    Finding unset = Expect.first("agent-not-ready", probed("", "10.0.0.5:8080"));
    assertThat(((Remedy.Patch) unset.remedies().getFirst()).yaml())
        .contains("bind_address = \"0.0.0.0\"");
    for (ClusterScene other :
        List.of(
            probed("bind_address = \"0.0.0.0\"\n", "10.0.0.5:8080"),
            probed("", "10.0.0.5:9999"),
            probed("", "127.0.0.1:8080"))) {
      assertThat(Expect.first("agent-not-ready", other).summary()).doesNotContain("loopback");
    }
  }
}
