package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.commands;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Layouts;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class CsiMountStaleTest {
  @Test
  void csiMountStale() {
    Expect.healthy(Layouts.istio("2026-01-02T02:00:00Z"));
    Finding found = Expect.first("csi-mount-stale", Layouts.istio("2026-01-02T03:01:00Z"));
    assertThat(found.confidence()).isEqualTo(Finding.Confidence.CERTAIN);
    assertThat(found.remedies().getFirst())
        .isEqualTo(
            new Remedy.Command(
                "Replace the pod: it mounts the directory that is there now",
                "kubectl delete pod -n apps web"));
  }

  /** Kubernetes keeps two lives of a container. */
  @Test
  void whenAPodOfManyRestartsMountedItIsNotKnown() {
    Report report =
        Layouts.istio("2026-01-02T03:01:00Z")
            .set(Kind.POD, "web", "/metadata/creationTimestamp", "'2026-01-02T02:00:00Z'")
            .set(Kind.POD, "web", "/status/containerStatuses/0/restartCount", "7")
            .report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown().toString()).contains("restarted several times");
  }

  /** Nodes have clocks of their own, and mount anew what ran when they were stopped. */
  @Test
  void whatWasMountedLaterIsNotStale() {
    ClusterScene scene = Layouts.istio("2026-01-02T03:01:00Z");
    Expect.healthy(
        scene
            .set(Kind.POD, "web", "/metadata/creationTimestamp", "'2026-01-02T03:01:30Z'")
            .set(
                Kind.POD,
                "web",
                "/status/containerStatuses/0/state",
                "{running: {startedAt: '2026-01-02T03:00:50Z'}}"));
    Expect.healthy(
        Layouts.istio("2026-01-02T02:01:00Z")
            .set(Kind.POD, "web", "/metadata/creationTimestamp", "'2026-01-02T01:00:00Z'")
            .set(Kind.POD, "web", "/status/containerStatuses/0/restartCount", "1")
            .set(
                Kind.POD,
                "web",
                "/status/containerStatuses/0/state",
                "{running: {startedAt: '2026-01-02T03:00:50Z'}}")
            .set(
                Kind.POD,
                "web",
                "/status/containerStatuses/0/lastState",
                "{terminated: {exitCode: 255, reason: Unknown, startedAt: '2026-01-02T01:00:50Z'}}"));
  }

  /** An agent may end with the code by which others know that a node was lost. */
  @Test
  void whatEndedWithACodeOfItsOwnWasMountedBefore() {
    Expect.first(
        "csi-mount-stale",
        Layouts.istio("2026-01-02T03:00:00Z")
            .set(Kind.POD, "web", "/status/containerStatuses/0/restartCount", "1")
            .set(
                Kind.POD,
                "web",
                "/status/containerStatuses/0/state",
                "{running: {startedAt: '2026-01-02T03:01:10Z'}}")
            .set(
                Kind.POD,
                "web",
                "/status/containerStatuses/0/lastState",
                "{terminated: {exitCode: 255, reason: Error, startedAt: '2026-01-02T02:30:10Z'}}"));
  }

  /** Names of a Deployment's pods do not last. */
  @Test
  void aDeploymentIsAskedToReplaceItsPods() {
    ClusterScene scene =
        Layouts.istio("2026-01-02T03:01:00Z")
            .object(
                Kind.DEPLOYMENT,
                "{metadata: {name: web, namespace: apps, uid: web-uid}, spec: {template: {}}}");
    assertThat(commands(Expect.first("csi-mount-stale", scene)).getFirst())
        .isEqualTo("kubectl rollout restart -n apps deployment/web");
  }
}
