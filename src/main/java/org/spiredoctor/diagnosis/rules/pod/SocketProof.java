package org.spiredoctor.diagnosis.rules.pod;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Container.State.Phase;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.pod.AnyPath;

/**
 * What shows that a socket is where a pod looks for it, whatever its agent is configured to: an
 * init container has succeeded that waits for it there.
 */
final class SocketProof {
  private SocketProof() {}

  /**
   * Whether there is such a proof.
   *
   * @param address as a container is given it, a path or a URI
   */
  static boolean has(Pod pod, String address) {
    String path = path(address);
    return pod.containers(Container.Role.INIT)
        .filter(SocketProof::hasSucceeded)
        .filter(container -> mounts(container, AnyPath.of(path)))
        .flatMap(SocketProof::told)
        .anyMatch(word -> path(word.replaceFirst("^-[^=]*=", "")).equals(path));
  }

  /** A variable is for all that a container does; an argument is what it is there for. */
  private static Stream<String> told(Container container) {
    Stream<String> words = Stream.concat(container.command().stream(), container.args().stream());
    return container.image().contains("spire-doctor")
        ? Stream.concat(words, container.env().values().stream())
        : words;
  }

  private static boolean mounts(Container container, Path path) {
    return container.mounts().stream().anyMatch(m -> path.startsWith(AnyPath.of(m.path())));
  }

  private static String path(String address) {
    return address.replaceFirst("^unix:(//)?", "");
  }

  private static boolean hasSucceeded(Container container) {
    return container
        .status()
        .map(Container.Status::state)
        .filter(state -> state.phase() == Phase.TERMINATED)
        .filter(state -> state.exitCode().equals(Optional.of(0)))
        .isPresent();
  }
}
