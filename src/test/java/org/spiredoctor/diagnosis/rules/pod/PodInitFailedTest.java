package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.command;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.pending;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class PodInitFailedTest {
  /** The pod while its init container fails. */
  private static ClusterScene failingInit(ClusterScene scene) {
    return pending(scene)
        .set(
            Kind.POD,
            "web",
            "/spec/initContainers",
            "[{name: wait, image: spire-doctor, volumeMounts: [{name: spire, mountPath: /spire-socket}]}]")
        .set(
            Kind.POD,
            "web",
            "/status/initContainerStatuses",
            """
            [{name: wait, ready: false, restartCount: 3,
              state: {waiting: {reason: CrashLoopBackOff}},
              lastState: {terminated: {exitCode: 3, reason: Error, message: no identity}}}]
            """)
        .log("apps", "web", "wait", false, "one\ntwo\nthree\nfour\n");
  }

  @Test
  void podInitFailed() {
    Finding found = Expect.first("pod-init-failed", failingInit(ClusterScene.healthy()));
    assertThat(found.evidence().toString())
        .contains("exit code 3", "no identity", "two", "four")
        .doesNotContain("one");
    assertThat(command(found)).isEqualTo("kubectl logs -n apps web -c wait");
    Expect.first("entry-missing", failingInit(ClusterScene.healthy().webEntry()));
    Expect.first(
        "pod-socket-path-mismatch",
        failingInit(ClusterScene.healthy())
            .set(Kind.POD, "web", "/spec/volumes/0/hostPath/path", "/tmp/spire-agent/public"));
  }
}
