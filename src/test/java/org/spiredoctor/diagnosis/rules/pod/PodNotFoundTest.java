package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.BY_PROFILE;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.NO_ACCOUNT;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.SOCKET_VOLUME;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.command;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.csiRefused;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.refused;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.kube.Kind;

class PodNotFoundTest {
  @Test
  void podNotFound() {
    Finding near = Expect.first("pod-not-found", ClusterScene.healthy().askingFor("apps", "wen"));
    assertThat(command(near)).isEqualTo("spire-doctor check apps/web");
    ClusterScene labelled =
        ClusterScene.healthy()
            .object(
                Kind.DEPLOYMENT,
                """
                {metadata: {name: api, namespace: apps, uid: api-uid},
                 spec: {replicas: 1, template: {metadata: {labels: {app: api}},
                   spec: {containers: [{name: app, image: "api:1"}]}}}, status: {}}
                """)
            .event(
                "ReplicaSet", "apps", "api-5d4f", "FailedCreate", "exceeded quota: pods, used: 4")
            .asking(new ClusterQuery.Pods.Labelled(Optional.of("apps"), "app=api"));
    Finding none = Expect.first("pod-not-found", labelled);
    assertThat(none.evidence().toString()).contains("exceeded quota");
  }

  /** A workload that has no pod at all is asked for by nobody's name. */
  @Test
  void podNotFoundOfAWorkloadWithoutPods() {
    ClusterScene scene = refused(SOCKET_VOLUME, NO_ACCOUNT);
    Finding found = Expect.first("pod-not-found", scene);
    assertThat(found.subject().inWords()).isEqualTo("Deployment apps/api");
    assertThat(found.summary())
        .isEqualTo("Deployment apps/api has no pod: its service account default does not exist");
    // An event may say anything: nothing is made on its word.
    assertThat(found.remedies().getFirst()).isInstanceOf(Remedy.Advice.class);
    assertThat(command(found)).isEqualTo("kubectl describe deployment -n apps api");
    assertThat(
            Expect.first("pod-not-found", refused(SOCKET_VOLUME, "exceeded quota: pods")).summary())
        .isEqualTo("Deployment apps/api has no pod: Kubernetes refuses to make one");
    // It says nothing, and has had its time.
    ClusterScene silent = refused(SOCKET_VOLUME, "x").remove(Kind.EVENT, "");
    assertThat(Expect.first("pod-not-found", silent).summary()).contains("no event says why");
    Expect.healthy(
        silent.set(
            Kind.DEPLOYMENT,
            "api",
            "/metadata/creationTimestamp",
            ClusterScene.NOW.minusSeconds(60).toString()));
    Expect.healthy(refused("{name: sock, emptyDir: {}}", NO_ACCOUNT));
    Expect.healthy(
        refused(SOCKET_VOLUME, NO_ACCOUNT).set(Kind.DEPLOYMENT, "api", "/spec/replicas", "0"));
    Expect.healthy(
        refused(SOCKET_VOLUME, NO_ACCOUNT)
            .set(
                Kind.POD,
                "web",
                "/metadata/ownerReferences",
                "[{kind: ReplicaSet, name: api-5d4f, uid: rs}]"));
  }

  @Test
  void thePodsOfAnOwnerAreAskedFor() {
    ClusterScene scene =
        ClusterScene.healthy()
            .set(
                Kind.POD,
                "web",
                "/metadata/ownerReferences",
                "[{kind: ReplicaSet, name: shop-7d9f, uid: u}]");
    ClusterQuery.Pods shop =
        new ClusterQuery.Pods.OwnedBy(Optional.of("apps"), "Deployment", "shop");
    Expect.healthy(scene.asking(shop));
    assertThat(scene.report().checked().pods()).hasValue(1);
    Finding none =
        Expect.first(
            "pod-not-found",
            scene.asking(new ClusterQuery.Pods.OwnedBy(Optional.of("apps"), "Deployment", "sho")));
    assertThat(none.summary())
        .isEqualTo("Deployment sho in namespace apps has no pod, or does not exist");
    // The namespace was forgotten.
    Finding elsewhere =
        Expect.first(
            "pod-not-found",
            refused("{name: tmp, emptyDir: {}}", "exceeded quota")
                .asking(
                    new ClusterQuery.Pods.OwnedBy(Optional.of("default"), "Deployment", "api")));
    assertThat(command(elsewhere)).isEqualTo("spire-doctor check deployment/api -n apps");
    assertThat(
            Expect.first(
                    "pod-not-found",
                    refused("{name: tmp, emptyDir: {}}", "exceeded quota")
                        .asking(
                            new ClusterQuery.Pods.OwnedBy(
                                Optional.of("apps"), "Deployment", "api")))
                .summary())
        .isEqualTo("Deployment api in namespace apps has no pod");
    assertThat(
            Expect.first(
                    "volume-forbidden-by-policy",
                    csiRefused(BY_PROFILE)
                        .asking(
                            new ClusterQuery.Pods.OwnedBy(
                                Optional.of("apps"), "Deployment", "api")))
                .subject()
                .inWords())
        .isEqualTo("Deployment apps/api");
  }
}
