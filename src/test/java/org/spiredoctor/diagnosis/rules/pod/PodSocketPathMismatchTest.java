package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.Scene.mount;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.ENV;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.csiDriver;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.patch;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.withCsi;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class PodSocketPathMismatchTest {
  @Test
  void podSocketPathMismatch() {
    Finding node =
        Expect.first(
            "pod-socket-path-mismatch",
            ClusterScene.healthy()
                .set(Kind.POD, "web", "/spec/volumes/0/hostPath/path", "/tmp/spire-agent/public"));
    assertThat(patch(node)).contains("name: spire").contains("path: /run/spire/sockets");
    Finding address =
        Expect.first(
            "pod-socket-path-mismatch",
            ClusterScene.healthy().set(Kind.POD, "web", ENV, "unix:///run/spire/sockets/api.sock"));
    assertThat(patch(address)).contains("value: unix:///spire-socket/api.sock");
    Finding name =
        Expect.first(
            "pod-socket-path-mismatch",
            csiDriver(withCsi(ClusterScene.healthy(), true))
                .set(Kind.POD, "web", ENV, "unix:///spire-socket/spire-agent.sock"));
    assertThat(name.summary()).contains("/spire-socket/api.sock");
    Finding script =
        Expect.first(
            "pod-socket-path-mismatch",
            ClusterScene.healthy()
                .set(
                    Kind.POD,
                    "web",
                    "/spec/initContainers",
                    "[{name: wait, image: busybox, command: [sh, -c, 'until [ -S /s/agent.sock ]; do"
                        + " sleep 2; done'], volumeMounts: [{name: spire, mountPath: /s}]}]"));
    assertThat(script.summary())
        .isEqualTo(
            "The command of init container wait speaks of /s/agent.sock, but the agent's socket is"
                + " at /s/api.sock");
    Expect.healthy(
        ClusterScene.healthy()
            .set(
                Kind.POD,
                "web",
                "/spec/initContainers",
                "[{name: wait, image: busybox, command: [sh, -c, 'until [ -S /s/api.sock ]; do"
                    + " sleep 2; done'], volumeMounts: [{name: spire, mountPath: /s}]}]"));
    // The parent of the directory, and the other name of /run, lead there as well.
    Expect.healthy(
        ClusterScene.healthy()
            .set(Kind.POD, "web", "/spec/volumes/0/hostPath/path", "/var/run/spire")
            .set(Kind.POD, "web", ENV, "unix:///spire-socket/sockets/api.sock"));
  }

  @Test
  void aVolumeWhoseAgentIsUnknownIsNotJudged() {
    ClusterScene scene = ClusterScene.healthy().configMap("spire-agent", "agent.conf", "");
    assertThat(scene.report().findings()).isEmpty();
    assertThat(scene.report().unknown())
        .extracting("id")
        .containsExactly("observation-failed", "pod-socket-path-mismatch");
  }

  @Test
  void podSocketPathMismatchInThePod() {
    Expect.first(
        "pod-socket-path-mismatch",
        Scene.pod()
            .withoutDirectory()
            .mounts(mount("/", "/"), mount("/run/spire", "/tmp/spire-agent/public"))
            .socketsAt("/run/spire/api.sock"));
  }
}
