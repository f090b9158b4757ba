package org.spiredoctor.diagnosis.rules.pod;

import static org.spiredoctor.diagnosis.rules.pod.PodScenes.csiDriver;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.pending;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.withCsi;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class VolumeRelabelFailedTest {
  @Test
  void volumeRelabelFailed() {
    Expect.first(
        "volume-relabel-failed",
        pending(csiDriver(withCsi(ClusterScene.healthy(), true)))
            .set(
                Kind.POD,
                "web",
                "/status/containerStatuses/0/state",
                "{waiting: {reason: CreateContainerError, message: \"relabel /x failed: lsetxattr"
                    + " /x: read-only file system\"}}"));
  }
}
