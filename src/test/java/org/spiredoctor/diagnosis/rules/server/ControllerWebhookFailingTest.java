package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.rules.Expect;

class ControllerWebhookFailingTest {
  @Test
  void controllerWebhookFailing() {
    Finding found =
        Expect.first(
            "controller-webhook-failing",
            ClusterScene.healthy()
                .controllerManager("entryIDPrefix: demo\n")
                .event(
                    "Job",
                    "apps",
                    "install",
                    "Failed",
                    "failed calling webhook \"vclusterspiffeid.kb.io\": Post"
                        + " \"https://spire-controller-manager-webhook.spire-system.svc:443/\":"
                        + " connection refused"));
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    assertThat(command(found)).contains("rollout restart");
  }
}
