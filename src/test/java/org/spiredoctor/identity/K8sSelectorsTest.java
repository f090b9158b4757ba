package org.spiredoctor.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.spiredoctor.kube.Pod;

/** Compared with {@code doc/plugin_agent_workloadattestor_k8s.md} of SPIRE, field by field. */
class K8sSelectorsTest {
  private static final Set<String> OF_THE_POD =
      Set.of(
          "k8s:ns:apps",
          "k8s:sa:shop",
          "k8s:pod-label:app:web",
          "k8s:pod-label:app.kubernetes.io/name:shop",
          "k8s:pod-name:web-5d-abc",
          "k8s:pod-uid:pod-uid",
          "k8s:node-name:node-1",
          "k8s:pod-owner:ReplicaSet:web-5d",
          "k8s:pod-owner-uid:ReplicaSet:rs-uid",
          "k8s:pod-image-count:2",
          "k8s:pod-image:docker.io/library/web:1",
          "k8s:pod-image:docker.io/library/web@sha256:aa",
          "k8s:pod-image:proxy:2",
          "k8s:pod-image:proxy@sha256:bb",
          "k8s:pod-init-image-count:1",
          "k8s:pod-init-image:wait:3",
          "k8s:pod-init-image:wait@sha256:cc");

  private static Pod pod(String yaml) throws JsonProcessingException {
    return Pod.of(new YAMLMapper().readTree(yaml));
  }

  private static Pod web() throws JsonProcessingException {
    return pod(
        """
        metadata:
          name: web-5d-abc
          namespace: apps
          uid: pod-uid
          labels: {app: web, app.kubernetes.io/name: shop}
          annotations: {app: not-a-selector}
          ownerReferences: [{kind: ReplicaSet, name: web-5d, uid: rs-uid, controller: true}]
        spec:
          nodeName: node-1
          serviceAccountName: shop
          initContainers: [{name: wait, image: wait}]
          containers: [{name: app, image: "web:1"}, {name: proxy, image: "proxy:2"}]
          ephemeralContainers: [{name: debug, image: busybox}]
        status:
          initContainerStatuses: [{name: wait, image: "wait:3", imageID: "wait@sha256:cc"}]
          containerStatuses:
          - {name: proxy, image: "proxy:2", imageID: "proxy@sha256:bb"}
          - {name: app, image: "docker.io/library/web:1", imageID: "docker.io/library/web@sha256:aa"}
          ephemeralContainerStatuses: [{name: debug, image: "busybox:1", imageID: "busybox@sha256:dd"}]
        """);
  }

  private static Set<String> of(Pod pod, String container) {
    return K8sSelectors.USUAL
        .of(
            pod,
            pod.containers().stream()
                .filter(c -> c.name().equals(container))
                .findFirst()
                .orElseThrow())
        .stream()
        .map(Selector::toString)
        .collect(Collectors.toSet());
  }

  private static Set<String> podAnd(String... more) {
    Set<String> all = new java.util.HashSet<>(OF_THE_POD);
    all.addAll(Set.of(more));
    return all;
  }

  @Test
  void eachContainerHasThoseOfThePodAndItsOwn() throws JsonProcessingException {
    assertThat(of(web(), "app"))
        .isEqualTo(
            podAnd(
                "k8s:container-name:app",
                "k8s:container-image:docker.io/library/web:1",
                "k8s:container-image:docker.io/library/web@sha256:aa"));
    assertThat(of(web(), "proxy"))
        .isEqualTo(
            podAnd(
                "k8s:container-name:proxy",
                "k8s:container-image:proxy:2",
                "k8s:container-image:proxy@sha256:bb"));
    assertThat(of(web(), "wait"))
        .isEqualTo(
            podAnd(
                "k8s:container-name:wait",
                "k8s:container-image:wait:3",
                "k8s:container-image:wait@sha256:cc"));
  }

  @Test
  void beforeTheKubeletTellsTheImagesAreThoseOfTheSpecification() throws JsonProcessingException {
    assertThat(
            of(
                pod(
                    """
                    metadata: {name: web, namespace: apps, uid: u}
                    spec: {containers: [{name: app, image: "web:1"}]}
                    """),
                "app"))
        .containsExactlyInAnyOrder(
            "k8s:ns:apps",
            "k8s:sa:default",
            "k8s:pod-name:web",
            "k8s:pod-uid:u",
            "k8s:node-name:",
            "k8s:pod-image-count:1",
            "k8s:pod-image:web:1",
            "k8s:pod-init-image-count:0",
            "k8s:container-name:app",
            "k8s:container-image:web:1");
  }

  @Test
  void containersOfOneImageCountTwice() throws JsonProcessingException {
    assertThat(
            of(
                pod(
                    """
                    metadata: {name: web, namespace: apps, uid: u}
                    spec: {containers: [{name: a, image: "web:1"}, {name: b, image: "web:1"}]}
                    """),
                "a"))
        .contains("k8s:pod-image-count:2", "k8s:pod-image:web:1");
  }
}
