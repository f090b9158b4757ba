package org.spiredoctor.evidence.cluster;

import java.util.List;
import java.util.Optional;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Images;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

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

  /** Whether a container is one. */
  public static boolean runs(Container container) {
    return Images.hold(container.image(), "spiffe-csi-driver")
        || container.flag("workload-api-socket-dir").isPresent();
  }

  private static Optional<CsiDriver> of(Pod pod) {
    return pod.containers().stream()
        .filter(CsiDriver::runs)
        .findFirst()
        .map(
            c ->
                new CsiDriver(
                    // Those are its flags and its default.
                    c.flag("plugin-name").orElse("csi.spiffe.io"),
                    pod,
                    c.flag("workload-api-socket-dir").flatMap(d -> NodePaths.of(pod, c, d))));
  }

  /** Other names that it gives the socket of agents which it hands out. */
  public List<String> socketLinks(Component agents) {
    return serves(agents)
        ? agents.socketOnNode().stream().flatMap(socket -> SocketLinks.of(pod, socket)).toList()
        : List.of();
  }

  /** Whether what it hands out is an emptyDir, which is its own pod's and ends with that. */
  public boolean keepsDirectory() {
    return handedOut()
        .filter(v -> v instanceof Volume.Other other && other.kind().equals("emptyDir"))
        .isPresent();
  }

  /** The name of the volume that it hands out. */
  public Optional<String> volume() {
    return handedOut().map(Volume::name);
  }

  private Optional<Volume> handedOut() {
    return pod.containers().stream()
        .filter(CsiDriver::runs)
        .flatMap(
            c ->
                c.flag("workload-api-socket-dir").stream()
                    .flatMap(
                        directory -> c.mounts().stream().filter(m -> m.path().equals(directory))))
        .findFirst()
        .flatMap(mount -> pod.volume(mount.volume()));
  }

  /** Whether it hands out the socket of these agents. */
  public boolean serves(Component agents) {
    return agents.pods().contains(pod)
        || (directory.isPresent() && directory.equals(agents.socketDirectory()));
  }
}
