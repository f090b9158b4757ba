package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.rules.Expect;

class ServerConfigInvalidTest {
  @Test
  void serverConfigInvalid() {
    Finding found =
        Expect.first(
            "server-config-invalid",
            ClusterScene.healthy()
                .serverCrashes(
                    "unable to decode configuration at \"s.conf\": At 8:109: literal not"
                        + " terminated\n"));
    assertThat(found.confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(command(found)).isEqualTo("kubectl edit configmap -n spire-system spire-server");
    Expect.first(
        "server-config-invalid",
        ClusterScene.healthy()
            .serverCrashes(
                """
                level=error msg="Unknown configuration detected" keys=bind_prt section=server
                unknown configuration detected
                """));
  }
}
