package org.spiredoctor.diagnosis.rules.pod;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Container.State;
import org.spiredoctor.kube.Images;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.pod.AnyPath;

/**
 * What shows that a socket is where a container looks for it, whatever its agent is configured to:
 * {@code spire-doctor wait} has succeeded with the same address in an init container, over the same
 * mount of the same volume, after the agent of the node was started.
 */
final class SocketProof {
  private static final Pattern OPTIONS =
      Pattern.compile("--(?:for|timeout|interval|grace|keep-waiting|quiet)(?:=.*)?|-q");

  private SocketProof() {}

  /**
   * Whether there is such a proof.
   *
   * @param path where the container looks
   */
  static boolean has(ClusterCase cluster, Pod pod, Container container, Path path) {
    Optional<Instant> agent = cluster.agentStarted(pod);
    return pod.containers(Container.Role.INIT)
        .filter(Container::completedInit)
        .filter(SocketProof::waits)
        .filter(
            init ->
                mount(init, path)
                    .filter(its -> mount(container, path).filter(its::shows).isPresent())
                    .isPresent())
        .filter(
            init ->
                AgentSockets.address(init)
                    .flatMap(AgentSockets::path)
                    .filter(path::equals)
                    .isPresent())
        .flatMap(init -> init.status().map(Container.Status::state).flatMap(State::ended).stream())
        .anyMatch(ended -> agent.filter(ended::isAfter).isPresent());
  }

  private static boolean waits(Container container) {
    return Images.hold(container.image(), "spire-doctor")
        && container.command().isEmpty()
        && container.args().stream().limit(1).anyMatch("wait"::equals)
        && container.args().stream().skip(1).allMatch(SocketProof::leavesAddress);
  }

  /** Those that name no other address, and do not merely print help: limits and goals. */
  private static boolean leavesAddress(String word) {
    return !word.startsWith("-") || OPTIONS.matcher(word).matches();
  }

  /** The innermost that holds the path. */
  private static Optional<Container.MountPoint> mount(Container container, Path path) {
    return container.mounts().stream()
        .filter(mount -> path.startsWith(AnyPath.of(mount.path())))
        .max((a, b) -> Integer.compare(a.path().length(), b.path().length()));
  }
}
