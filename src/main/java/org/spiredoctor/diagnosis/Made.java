package org.spiredoctor.diagnosis;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/**
 * Which pods have the same owner and the same template: an owner whose template was changed has
 * pods of several for as long as they are replaced, and a StatefulSet with {@code OnDelete} for
 * ever. Not for several threads at once.
 */
final class Made {
  /** Those that tell the pods of one template apart. */
  private static final Set<String> OWN_LABELS =
      Set.of(
          "apps.kubernetes.io/pod-index",
          "batch.kubernetes.io/job-completion-index",
          "controller-revision-hash",
          "pod-template-generation",
          "spark-exec-id",
          "statefulset.kubernetes.io/pod-name");

  private final Map<Template, Integer> known = new HashMap<>();
  private final IdentityHashMap<Pod, Integer> byPod = new IdentityHashMap<>();

  /** As far as a rule may judge by it; a volume of its own each pod has of its own. */
  private record Template(
      String owner,
      String serviceAccount,
      Map<String, String> labels,
      boolean hostNetwork,
      boolean hostPid,
      Map<String, String> nodeSelector,
      List<Volume> volumes,
      List<Part> containers) {}

  private record Part(
      String name,
      Container.Role role,
      String image,
      List<String> command,
      List<String> args,
      Map<String, String> env,
      Set<String> unseenEnv,
      List<Container.MountPoint> mounts,
      boolean toldElsewhere) {}

  /** The same number for pods of one owner and of one template. */
  int of(Pod pod) {
    return byPod.computeIfAbsent(
        pod, one -> known.computeIfAbsent(template(one), _ -> known.size()));
  }

  /** The owner of a pod: one without an owner, and one that a node has by itself, stands alone. */
  static String owner(Pod pod) {
    Meta meta = pod.meta();
    return meta.namespace()
        + "/"
        + meta.owners().stream()
            .findFirst()
            .filter(owner -> !owner.kind().equals("Node"))
            .map(Meta.OwnerReference::uid)
            .orElseGet(meta::name);
  }

  private static Template template(Pod pod) {
    Set<String> own =
        pod.volumes().stream()
            .filter(one -> one instanceof Volume.Tokens || one instanceof Volume.Claim)
            .map(Volume::name)
            .collect(Collectors.toSet());
    return new Template(
        owner(pod),
        pod.serviceAccount(),
        labels(pod),
        pod.hostNetwork(),
        pod.hostPid(),
        pod.nodeSelector(),
        pod.volumes().stream().filter(one -> !own.contains(one.name())).toList(),
        pod.containers().stream()
            .filter(one -> one.role() != Container.Role.EPHEMERAL)
            .map(one -> part(one, own))
            .toList());
  }

  private static Map<String, String> labels(Pod pod) {
    Map<String, String> labels = new HashMap<>(pod.meta().labels());
    labels.keySet().removeAll(OWN_LABELS);
    return labels;
  }

  /**
   * The variables that can name a socket; others may differ from pod to pod (Spark's executors).
   */
  private static Map<String, String> leading(Map<String, String> env) {
    Map<String, String> leading = new HashMap<>(env);
    leading
        .entrySet()
        .removeIf(
            one ->
                !Workloads.VARIABLES.contains(one.getKey())
                    && !Container.namesSocket(one.getValue(), "/"));
    return leading;
  }

  private static Part part(Container one, Set<String> own) {
    return new Part(
        one.name(),
        one.role(),
        one.image(),
        one.command(),
        one.args(),
        leading(one.env()),
        one.unseenEnv(),
        one.mounts().stream().filter(mount -> !own.contains(mount.volume())).toList(),
        one.toldElsewhere());
  }
}
