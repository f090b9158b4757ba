package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.command;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.patch;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.pending;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class VolumeTypeMismatchTest {
  @Test
  void volumeTypeMismatch() {
    String failed = "MountVolume.SetUp failed for volume \"spire\" : hostPath type check failed: ";
    Finding absent =
        Expect.first(
            "volume-type-mismatch",
            pending(ClusterScene.healthy())
                .event(
                    "Pod",
                    "apps",
                    "web",
                    "FailedMount",
                    failed + "/run/spire/sockets is not a directory"));
    assertThat(command(absent)).contains("spec.nodeName=node-1");
    // What was said before the pod started is history.
    Expect.healthy(
        ClusterScene.healthy().event("Pod", "apps", "web", "FailedMount", failed + "/run/spire"));
    ClusterScene blind = pending(ClusterScene.healthy()).forbidden(Kind.EVENT);
    assertThat(blind.report().unknown()).extracting("id").contains("volume-type-mismatch");
  }

  @Test
  void aDirectoryOfTheWrongTypeIsMountedAsADirectory() {
    Finding wrong =
        Expect.first(
            "volume-type-mismatch",
            pending(ClusterScene.healthy())
                .set(Kind.POD, "web", "/spec/volumes/0/hostPath/type", "Socket")
                .event(
                    "Pod",
                    "apps",
                    "web",
                    "FailedMount",
                    "MountVolume.SetUp failed for volume \"spire\" : hostPath type check failed:"
                        + " /run/spire/sockets is not a socket file"));
    assertThat(patch(wrong)).contains("path: /run/spire/sockets").contains("type: Directory");
  }
}
