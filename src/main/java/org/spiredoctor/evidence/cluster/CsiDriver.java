package org.spiredoctor.evidence.cluster;

import java.util.List;
import java.util.Optional;
import org.spiredoctor.kube.Pod;

/**
 * A SPIFFE CSI driver on a node: it puts the directory of an agent's socket into pods.
 *
 * @param name by which volumes ask for it
 * @param pod that runs it
 * @param directory of the node that it hands out; absent when it is none of the node's
 */
public record CsiDriver(String name, Pod pod, Optional<String> directory) {

  /** Those of a cluster. */
  public static List<CsiDriver> of(List<Pod> pods) {
    return pods.stream().flatMap(pod -> of(pod).stream()).toList();
  }

  private static Optional<CsiDriver> of(Pod pod) {
    return pod.containers().stream()
        .filter(
            c -> c.image().contains("spiffe-csi") || c.flag("workload-api-socket-dir").isPresent())
        .findFirst()
        .map(
            c ->
                new CsiDriver(
                    // Those are its flags and its default.
                    c.flag("plugin-name").orElse("csi.spiffe.io"),
                    pod,
                    c.flag("workload-api-socket-dir").flatMap(d -> NodePaths.of(pod, c, d))));
  }

  /**
   * Whether it hands out the socket of these agents: anybody can make a pod that says so, but not
   * in their namespace.
   */
  public boolean serves(Component agents) {
    return agents.pods().contains(pod)
        || (agents.namespace().equals(pod.meta().namespace())
            && directory.isPresent()
            && directory.equals(agents.socketDirectory()));
  }
}
