package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.pending;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class PodNotStartedTest {
  @Test
  void whatBefellAnEarlierPodOfTheSameNameIsHistory() {
    Expect.unknown(
        "pod-not-started",
        pending(ClusterScene.healthy())
            .event(
                "Pod",
                "apps",
                "web",
                "FailedMount",
                "MountVolume.SetUp failed for volume \"spire\" : hostPath type check failed: x")
            .edit(
                Kind.EVENT,
                "",
                event -> ((ObjectNode) event.path("involvedObject")).put("uid", "earlier-pod")));
  }

  @Test
  void podNotStarted() {
    Finding secret =
        Expect.first(
            "pod-not-started",
            pending(ClusterScene.healthy())
                .event(
                    "Pod",
                    "apps",
                    "web",
                    "FailedMount",
                    "MountVolume.SetUp failed for volume \"tls\" : secret \"nope\" not found"));
    assertThat(secret.evidence().toString()).contains("secret \"nope\" not found");
    Finding variable =
        Expect.first(
            "pod-not-started",
            pending(ClusterScene.healthy())
                .set(
                    Kind.POD,
                    "web",
                    "/status/containerStatuses",
                    "[{name: app, state: {waiting: {reason: CreateContainerConfigError, message:"
                        + " 'configmap \"web\" not found'}}}]"));
    assertThat(variable.summary()).contains("container app cannot be started");
    // It has only just been made, or one of its init containers is at work.
    Expect.unknown("pod-not-started", pending(ClusterScene.healthy()));
    Expect.unknown(
        "pod-not-started",
        pending(ClusterScene.healthy())
            .set(Kind.POD, "web", "/metadata/creationTimestamp", "\"2026-01-02T02:00:00Z\"")
            .set(Kind.POD, "web", "/spec/initContainers", "[{name: wait, image: wait}]")
            .set(
                Kind.POD,
                "web",
                "/status/initContainerStatuses",
                "[{name: wait, state: {running: {}}}]"));
    Expect.first(
        "pod-not-started",
        pending(ClusterScene.healthy())
            .set(Kind.POD, "web", "/metadata/creationTimestamp", "\"2026-01-02T02:00:00Z\""));
  }
}
