package org.spiredoctor.evidence.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.pod.AnyPath;

/**
 * Other names of a socket in its directory: symbolic links that init containers of the agent or of
 * the CSI driver make. SPIRE's Helm chart does so for {@code socket}, {@code api.sock} and {@code
 * spire-agent.sock}.
 */
final class SocketLinks {
  private static final String LINK = "ln -s ";

  private SocketLinks() {}

  /**
   * The links of a pod.
   *
   * @param socket on the node
   * @return paths on the node
   */
  static Stream<String> of(Pod pod, String socket) {
    Path target = AnyPath.of(socket);
    return pod.containers(Container.Role.INIT)
        .filter(container -> container.status().filter(s -> s.state().failed()).isEmpty())
        .filter(container -> hasDirectory(pod, container, target))
        .flatMap(
            container -> Stream.concat(container.command().stream(), container.args().stream()))
        .filter(word -> word.startsWith(LINK))
        .map(word -> List.of(word.substring(LINK.length()).split(" ", -1)))
        .filter(words -> words.size() == 2)
        // A script may be in the directory by then, so that only the names tell.
        .filter(words -> AnyPath.name(AnyPath.of(words.getFirst())).equals(AnyPath.name(target)))
        .map(words -> AnyPath.name(AnyPath.of(words.getLast())))
        .map(name -> target.resolveSibling(name).toString());
  }

  private static boolean hasDirectory(Pod pod, Container container, Path socket) {
    String directory = AnyPath.directory(socket).toString();
    return container.mounts().stream()
        .flatMap(mount -> NodePaths.of(pod, container, mount.path()).stream())
        .anyMatch(directory::equals);
  }
}
