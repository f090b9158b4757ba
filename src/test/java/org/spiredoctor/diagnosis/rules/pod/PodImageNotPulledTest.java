package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.pending;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class PodImageNotPulledTest {
  @Test
  void podImageNotPulled() {
    Finding found =
        Expect.first(
            "pod-image-not-pulled",
            pending(ClusterScene.healthy())
                .set(
                    Kind.POD,
                    "web",
                    "/status/containerStatuses/0/state",
                    "{waiting: {reason: ErrImageNeverPull, message: \"not present with Never\"}}"));
    assertThat(found.remedies().getFirst().summary()).contains("node-1");
  }
}
