package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.SERVER;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class PortTakenTest {
  @Test
  void portTaken() {
    Finding found =
        Expect.first(
            "port-taken",
            ClusterScene.healthy()
                .agentNotReady()
                .agentLog(
                    "level=error msg=\"Error serving health checks\" error=\"listen tcp"
                        + " 0.0.0.0:8080: bind: address already in use\"\n"));
    assertThat(found.summary()).contains("port 8080");
    // That the Service then leads to no listener is the same fault.
    ClusterScene twice =
        ClusterScene.healthy()
            .serverCrashes(
                "level=warning msg=\"Error serving health checks\" error=\"listen tcp 0.0.0.0:8080:"
                    + " bind: address already in use\"\n")
            .configEdit(
                SERVER,
                "server.conf",
                "bind_port = \"8081\"\n}",
                "bind_port = \"8080\"\n}\nhealth_checks { bind_port = \"8080\" }");
    assertThat(Expect.first("port-taken", twice).summary()).contains("uses the port twice");
  }
}
