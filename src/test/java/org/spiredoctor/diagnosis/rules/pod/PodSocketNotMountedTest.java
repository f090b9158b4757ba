package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.Scene.mount;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.ENV;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.csiDriver;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.patch;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class PodSocketNotMountedTest {
  @Test
  void podSocketNotMounted() {
    Finding none =
        Expect.first(
            "pod-socket-not-mounted",
            ClusterScene.healthy().set(Kind.POD, "web", "/spec/volumes", "[]"));
    assertThat(patch(none)).contains("path: /run/spire/sockets").contains("/spire-socket");
    Finding csi =
        Expect.first(
            "pod-socket-not-mounted",
            csiDriver(ClusterScene.healthy()).set(Kind.POD, "web", "/spec/volumes", "[]"));
    assertThat(patch(csi)).contains("csi.spiffe.io");
    Finding unused =
        Expect.first(
            "pod-socket-not-mounted",
            ClusterScene.healthy().set(Kind.POD, "web", "/spec/containers/0/volumeMounts", "[]"));
    assertThat(unused.summary()).contains("container app does not mount it");
    assertThat(patch(unused)).contains("name: spire").contains("mountPath: /spire-socket");
    Expect.healthy(
        ClusterScene.healthy()
            .set(Kind.POD, "web", "/spec/volumes", "[]")
            .set(Kind.POD, "web", ENV, "\"tcp://127.0.0.1:8081\""));
  }

  @Test
  void podSocketNotMountedInThePod() {
    Expect.first("pod-socket-not-mounted", Scene.pod().withoutDirectory().mounts(mount("/", "/")));
  }

  @Test
  void aSocketOfSomethingElseIsNotOffered() {
    Expect.first(
        "pod-socket-not-mounted",
        Scene.pod()
            .withoutDirectory()
            .mounts(mount("/", "/"), mount("/var/run/docker.sock", "/run/docker.sock"))
            .socketsAt("/var/run/docker.sock"));
  }

  @Test
  void volumesThatCannotBeSeenAreUnknownAndNotHealthy() {
    Report report = Scene.pod().withoutDirectory().mountsUnknown().report();
    assertThat(report.unknown()).extracting("id").containsExactly("pod-socket-not-mounted");
    assertThat(report.verdict()).isNotEqualTo(Report.Verdict.HEALTHY);
  }
}
