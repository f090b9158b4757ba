package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Kind;

/** What is true of one pod of an owner need not be true of the others. */
class MixedPodsTest {
  private static final String SET =
      "[{apiVersion: apps/v1, kind: StatefulSet, name: web, uid: set-uid, controller: true}]";

  /** The pods web and web-2 of one StatefulSet. */
  private static ClusterScene two() {
    ClusterScene scene =
        ClusterScene.healthy().set(Kind.POD, "web", "/metadata/ownerReferences", SET);
    return scene.copy(Kind.POD, "web", "web-2");
  }

  private static List<Finding> of(String id, ClusterScene scene) {
    return scene.report().everyCause().filter(finding -> finding.id().equals(id)).toList();
  }

  private static ClusterScene withoutVolume(ClusterScene scene, String pod) {
    return scene
        .set(Kind.POD, pod, "/spec/volumes", "[]")
        .set(Kind.POD, pod, "/spec/containers/0/volumeMounts", "[]")
        .set(
            Kind.POD,
            pod,
            "/spec/containers/0/env",
            "[{name: SPIFFE_ENDPOINT_SOCKET, value: \"unix:///run/spire/sockets/api.sock\"}]");
  }

  /** With OnDelete, a partition, or while they are replaced. */
  @Test
  void podsOfTwoTemplatesOfOneOwnerAreJudgedApart() {
    assertThat(two().report().verdict()).isEqualTo(Verdict.HEALTHY);
    for (String broken : List.of("web", "web-2")) {
      assertThat(of("pod-socket-not-mounted", withoutVolume(two(), broken)))
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.subject().name()).isEqualTo(broken);
                assertThat(found.scope().pods()).hasSize(1);
              });
    }
  }

  private static void assertJudgedTogether(ClusterScene scene) {
    assertThat(of("pod-socket-not-mounted", scene))
        .singleElement()
        .satisfies(found -> assertThat(found.scope().pods()).hasSize(2));
  }

  /** Volumes that each pod has of its own make no other template of it. */
  @Test
  void tokensAndClaimsDoNotTellPodsApart() {
    ClusterScene scene = two();
    for (String pod : List.of("web", "web-2")) {
      withoutVolume(scene, pod)
          .set(
              Kind.POD,
              pod,
              "/spec/volumes",
              """
              [{name: data, persistentVolumeClaim: {claimName: data-%s}},
               {name: kube-api-access-%s, projected: {sources: [{serviceAccountToken: {path: token}}]}}]
              """
                  .formatted(pod, pod))
          .set(
              Kind.POD,
              pod,
              "/spec/containers/0/volumeMounts",
              "[{name: data, mountPath: /data}, {name: kube-api-access-%s, mountPath: /var/t}]"
                  .formatted(pod));
    }
    assertJudgedTogether(scene);
  }

  /** Spark gives each executor its number, as a variable and as a label. */
  @Test
  void variablesThatNameNoSocketDoNotTellPodsApart() {
    ClusterScene scene = two();
    for (String pod : List.of("web", "web-2")) {
      withoutVolume(scene, pod)
          .add(
              Kind.POD,
              pod,
              "/spec/containers/0/env",
              "{name: SPARK_EXECUTOR_ID, value: \"" + pod + "\"}")
          .set(Kind.POD, pod, "/metadata/labels/spark-exec-id", "\"" + pod + "\"");
    }
    assertJudgedTogether(scene);
  }

  /** They have nothing in common but the node. */
  @Test
  void staticPodsOfANodeAreNoWorkload() {
    String node = "[{apiVersion: v1, kind: Node, name: node-1, uid: node-uid-1, controller: true}]";
    ClusterScene scene =
        withoutVolume(two(), "web-2")
            .set(Kind.POD, "web", "/metadata/ownerReferences", node)
            .set(Kind.POD, "web-2", "/metadata/ownerReferences", node);
    assertThat(of("pod-socket-not-mounted", scene))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.subject().inWords()).isEqualTo("Pod apps/web-2");
              assertThat(found.scope().pods()).hasSize(1);
            });
  }

  private static ClusterScene ended(ClusterScene scene, String pod, int code) {
    return scene
        .set(Kind.POD, pod, "/status/conditions", "[{type: Ready, status: \"False\"}]")
        .set(
            Kind.POD,
            pod,
            "/status/containerStatuses",
            """
            [{name: app, ready: false, restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}},
              lastState: {terminated: {exitCode: %d, reason: Error}}}]
            """
                .formatted(code));
  }

  @Test
  void podsThatEndInDifferentWaysAreReportedApart() {
    assertThat(of("pod-crashing", ended(ended(two(), "web", 1), "web-2", 137))).hasSize(2);
    assertThat(of("pod-crashing", ended(ended(two(), "web", 1), "web-2", 1)))
        .singleElement()
        .satisfies(found -> assertThat(found.scope().pods()).hasSize(2));
  }

  /** Evicted, for one: another pod runs in its place. */
  @Test
  void aFailedPodThatWasReplacedIsLeftAside() {
    ClusterScene evicted =
        two()
            .set(Kind.POD, "web-2", "/status/phase", "Failed")
            .set(Kind.POD, "web-2", "/status/reason", "Evicted");
    assertThat(evicted.report().verdict()).isEqualTo(Verdict.HEALTHY);
    ClusterScene job =
        evicted.set(
            Kind.POD,
            "web-2",
            "/metadata/ownerReferences",
            "[{apiVersion: batch/v1, kind: Job, name: web, uid: job, controller: true}]");
    assertThat(job.report().verdict()).isNotEqualTo(Verdict.HEALTHY);
  }

  /** Where none runs in their place nothing has replaced them. */
  @Test
  void failedPodsOfWhichNoneRunsAreNotLeftAside() {
    ClusterScene scene = two();
    List.of("web", "web-2").forEach(pod -> scene.set(Kind.POD, pod, "/status/phase", "Failed"));
    assertThat(scene.report().verdict()).isNotEqualTo(Verdict.HEALTHY);
  }

  /** A container that waits to be restarted and one that has just ended again: one fault. */
  @Test
  void theMomentOfACrashDoesNotTellPodsApart() {
    ClusterScene scene =
        ended(ended(two(), "web", 1), "web-2", 1)
            .set(
                Kind.POD,
                "web-2",
                "/status/containerStatuses",
                """
                [{name: app, ready: false, restartCount: 4,
                  state: {terminated: {exitCode: 1, reason: Error}}}]
                """);
    assertThat(of("pod-crashing", scene)).hasSize(1);
  }

  /** By an entry's selectors, for one. */
  @Test
  void podsOfTwoTemplatesMayDifferInTheirLabelsOnly() {
    ClusterScene scene = two().set(Kind.POD, "web-2", "/metadata/labels", "{app: batch}");
    assertThat(scene.report().everyCause().toList())
        .singleElement()
        .satisfies(found -> assertThat(found.subject().name()).isEqualTo("web-2"));
  }

  /** An API server takes any text for the name of an owner. */
  @Test
  void aPodWhoseOwnersNameIsNoneIsAPodAllTheSame() {
    ClusterScene odd =
        withoutVolume(two(), "web-2")
            .set(
                Kind.POD,
                "web-2",
                "/metadata/ownerReferences",
                "[{apiVersion: e/v1, kind: \"E\\e[31mvil\", name: \"a\\nRED x\", uid: u}]");
    assertThat(of("object-unreadable", odd)).isEmpty();
    assertThat(odd.report().unknown()).extracting("id").doesNotContain("object-unreadable");
    assertThat(of("pod-socket-not-mounted", odd))
        .singleElement()
        .satisfies(found -> assertThat(found.subject().inWords()).isEqualTo("Pod apps/web-2"));
  }

  @Test
  void aWorkloadOfWhichSomePodsAreServedIsNotCalledUnserved() {
    ClusterScene scene = two().copy(Kind.POD, "web", "web-3");
    scene.set(Kind.POD, "web-3", "/spec/nodeName", "node-9");
    assertThat(scene.report().path().getLast().text())
        .isEqualTo(
            "2 of 3 have an entry that is served to them; 1 of 1 workload is served in part");
  }

  private static Entry expired(String id, String spiffeId, String selector) {
    return new Entry(
        id,
        spiffeId,
        ClusterScene.AGENT,
        Set.of(Selector.parse("k8s:ns:apps"), Selector.parse(selector)),
        Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
        Optional.empty(),
        false,
        false,
        "",
        List.of(),
        Entry.Settings.NONE);
  }

  /** As a StatefulSet has it whose pods have names of their own. */
  @Test
  void podsWithEntriesOfTheirOwnAreReportedApart() {
    ClusterScene scene =
        two()
            .webEntry(
                expired("one", ClusterScene.WEB + "/1", "k8s:pod-name:web"),
                expired("two", ClusterScene.WEB + "/2", "k8s:pod-name:web-2"));
    assertThat(of("entry-expired", scene))
        .extracting(Finding::summary)
        .anyMatch(text -> text.contains(ClusterScene.WEB + "/1"))
        .anyMatch(text -> text.contains(ClusterScene.WEB + "/2"));
  }

  @Test
  void entriesThatAControllerMadeOfOneTemplateAreReportedTogether() {
    ClusterScene scene =
        two()
            .webEntry(
                expired("one", ClusterScene.WEB, "k8s:pod-uid:pod-uid-1"),
                expired("two", ClusterScene.WEB, "k8s:pod-uid:web-2"));
    assertThat(of("entry-expired", scene))
        .singleElement()
        .satisfies(found -> assertThat(found.scope().pods()).hasSize(2));
  }
}
