package org.spiredoctor.identity;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Container.Role;
import org.spiredoctor.kube.Pod;

/**
 * The selectors that SPIRE's k8s workload attestor makes of a container (SPIRE, {@code
 * doc/plugin_agent_workloadattestor_k8s.md}): those of its pod, and its own. Of those that the unix
 * attestor makes of its process only user and groups show, where the pod demands them.
 */
public final class K8sSelectors {
  /** As the attestor makes them with its usual settings. */
  public static final K8sSelectors USUAL = new K8sSelectors(Attestors.UNKNOWN, Map.of());

  private static final Set<String> COMPUTED =
      Set.of(
          "ns",
          "sa",
          "pod-label",
          "pod-name",
          "pod-uid",
          "node-name",
          "pod-owner",
          "pod-owner-uid",
          "pod-image",
          "pod-image-count",
          "pod-init-image",
          "pod-init-image-count",
          "container-name",
          "container-image",
          "ns-label");

  private final Attestors attestors;
  private final Map<String, Map<String, String>> namespaceLabels;

  /**
   * @param attestors of the agents
   * @param namespaceLabels by namespace; of no use where the agents do not read them
   */
  public K8sSelectors(Attestors attestors, Map<String, Map<String, String>> namespaceLabels) {
    this.attestors = attestors;
    this.namespaceLabels =
        attestors.namespaceLabels().orElse(false) ? Map.copyOf(namespaceLabels) : Map.of();
  }

  /**
   * Whether a selector is of a kind that can be told from a pod's description, so that its absence
   * says something. Those of a process, of an image's signature and of other attestors can not.
   */
  public boolean computes(Selector selector) {
    return selector.type().equals("k8s")
        && COMPUTED.contains(selector.name())
        && attestors.of(selector) != Visibility.HIDDEN;
  }

  /** What the agent would see of a process in this container. */
  public Set<Selector> of(Pod pod, Container container) {
    return with(ofPod(pod), container);
  }

  /** The same for each container of the pod, in their order. */
  public List<Set<Selector>> ofEach(Pod pod) {
    Set<Selector> selectors = ofPod(pod);
    return pod.containers().stream()
        .map(container -> with(new LinkedHashSet<>(selectors), container))
        .toList();
  }

  private Set<Selector> with(Set<Selector> selectors, Container container) {
    if (attestors.containers().orElse(true)) {
      add(selectors, "container-name", container.name());
      images(selectors, "container-image", container);
    }
    if (attestors.has("unix")) {
      container.user().ifPresent(uid -> selectors.add(new Selector("unix", "uid:" + uid)));
      container.group().ifPresent(gid -> selectors.add(new Selector("unix", "gid:" + gid)));
      for (Long gid : container.supplementalGroups()) {
        selectors.add(new Selector("unix", "supplementary_gid:" + gid));
      }
    }
    return selectors;
  }

  /** What the agents compute. */
  public Attestors attestors() {
    return attestors;
  }

  private Set<Selector> ofPod(Pod pod) {
    Set<Selector> selectors = new LinkedHashSet<>();
    add(selectors, "ns", pod.meta().namespace());
    add(selectors, "sa", pod.serviceAccount());
    pod.meta().labels().forEach((key, value) -> add(selectors, "pod-label", key + ":" + value));
    add(selectors, "pod-name", pod.meta().name());
    add(selectors, "pod-uid", pod.meta().uid());
    add(selectors, "node-name", pod.node());
    pod.meta()
        .owners()
        .forEach(
            owner -> {
              add(selectors, "pod-owner", owner.kind() + ":" + owner.name());
              add(selectors, "pod-owner-uid", owner.kind() + ":" + owner.uid());
            });
    namespaceLabels
        .getOrDefault(pod.meta().namespace(), Map.of())
        .forEach((key, value) -> add(selectors, "ns-label", key + ":" + value));
    images(selectors, pod, Role.APP, "pod-image");
    images(selectors, pod, Role.INIT, "pod-init-image");
    return selectors;
  }

  private static void images(Set<Selector> selectors, Pod pod, Role role, String name) {
    List<Container> containers = pod.containers(role).toList();
    add(selectors, name + "-count", String.valueOf(containers.size()));
    containers.forEach(container -> images(selectors, name, container));
  }

  /** An image twice, as the kubelet tells it: by tag and by digest. */
  private static void images(Set<Selector> selectors, String name, Container container) {
    Container.Status status = container.status().orElse(null);
    if (status == null || status.image().isEmpty()) {
      add(selectors, name, container.image());
      return;
    }
    add(selectors, name, status.image());
    if (!status.imageId().isEmpty()) {
      add(selectors, name, status.imageId());
    }
  }

  private static void add(Set<Selector> selectors, String name, String value) {
    selectors.add(Selector.k8s(name + ":" + value));
  }
}
