package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.command;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class PodCrashingTest {
  private static ClusterScene crashing() {
    return ClusterScene.healthy()
        .set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: \"False\"}]")
        .set(
            Kind.POD,
            "web",
            "/status/containerStatuses",
            "[{name: app, image: 'web:1', restartCount: 3, state: {waiting: {reason:"
                + " CrashLoopBackOff}}, lastState: {terminated: {exitCode: 2, reason: Error}}}]")
        .log("apps", "web", "app", true, "no database at db:5432");
  }

  @Test
  void podCrashing() {
    Finding found = Expect.first("pod-crashing", crashing());
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    assertThat(found.evidence().toString()).contains("exit code 2", "no database at db:5432");
    assertThat(command(found)).isEqualTo("kubectl logs -n apps web -c app --previous");
    Expect.first("entry-missing", crashing().webEntry());
  }

  @Test
  void aPodThatHasFailedIsNotStartedAgain() {
    ClusterScene failed =
        ClusterScene.healthy()
            .set(Kind.POD, "web", "/status/phase", "Failed")
            .set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: \"False\"}]")
            .set(
                Kind.POD,
                "web",
                "/status/containerStatuses",
                "[{name: app, image: 'web:1', restartCount: 2, state: {terminated: {exitCode: 2,"
                    + " reason: Error}}}]");
    Finding found = Expect.first("pod-crashing", failed);
    assertThat(found.summary())
        .isEqualTo(
            "Container app ended with exit code 2, and the pod has failed: it is not started again");
    // The log of the end itself, not of the life before it.
    assertThat(command(found)).isEqualTo("kubectl logs -n apps web -c app");
    assertThat(Expect.first("pod-crashing", crashing()).summary())
        .isEqualTo(
            "Container app ends with exit code 2 and is started again, so the pod is not ready");
  }
}
