package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.csiDriver;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.patch;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.pending;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.withCsi;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class CsiVolumeNotReadOnlyTest {
  @Test
  void csiVolumeNotReadOnly() {
    Finding found =
        Expect.first(
            "csi-volume-not-read-only",
            csiDriver(pending(withCsi(ClusterScene.healthy(), false)))
                .event(
                    "Pod",
                    "apps",
                    "web",
                    "FailedMount",
                    "pod.spec.volumes[].csi.readOnly must be set to 'true'"));
    assertThat(patch(found)).contains("name: spire").contains("readOnly: true");
  }
}
