package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.pending;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class PodNotScheduledTest {
  @Test
  void podNotScheduled() {
    Finding found =
        Expect.first(
            "pod-not-scheduled",
            pending(ClusterScene.healthy())
                .edit(Kind.POD, "web", pod -> ((ObjectNode) pod.get("spec")).remove("nodeName"))
                .event(
                    "Pod",
                    "apps",
                    "web",
                    "FailedScheduling",
                    "0/1 nodes are available: 1 node(s) had untolerated taint {a: b}"));
    assertThat(found.evidence().toString()).contains("untolerated taint");
    assertThat(found.remedies().getFirst().summary()).contains("toleration");
  }
}
