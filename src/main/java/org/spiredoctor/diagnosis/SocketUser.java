package org.spiredoctor.diagnosis;

import java.util.Optional;
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Images;
import org.spiredoctor.kube.Pod;

/**
 * A container that does not run as root. Whether the modes of the directories above the socket let
 * it pass is seen by its own processes only: the agent leaves those directories to its umask.
 *
 * @param user as the node sees it
 */
public record SocketUser(Container container, long user) {

  /** The first of a pod that uses a socket; absent where something passed in its place. */
  public static Optional<SocketUser> of(ClusterCase cluster, Pod pod) {
    boolean waited =
        pod.containers(Container.Role.INIT)
            .anyMatch(init -> init.completedInit() && Images.hold(init.image(), "spire-doctor"));
    return waited || AgentSockets.usesTcp(pod)
        ? Optional.empty()
        : Workloads.callers(pod, cluster.socketDirectories()).stream()
            .filter(container -> container.role() == Container.Role.APP)
            .filter(container -> container.user().filter(id -> id != 0).isPresent())
            .map(container -> new SocketUser(container, container.user().orElseThrow()))
            .findFirst();
  }

  /** What does not show from outside. */
  public String inWords() {
    return "whether user "
        + user
        + " of container "
        + container.name()
        + " is allowed to enter the directory of the socket";
  }
}
