package org.spiredoctor.evidence.cluster;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;
import org.spiredoctor.pod.AnyPath;

/** Where paths of containers lie on their node. */
final class NodePaths {
  private NodePaths() {}

  /** Of the innermost volume that holds it; absent when that is none of the node's. */
  static Optional<String> of(Pod pod, Container container, String path) {
    return places(pod, container, AnyPath.of(path)).findFirst();
  }

  private static Stream<String> places(Pod pod, Container container, Path path) {
    return container.mounts().stream()
        .filter(mount -> path.startsWith(AnyPath.of(mount.path())))
        .sorted((a, b) -> b.path().length() - a.path().length())
        .flatMap(
            mount ->
                pod.volume(mount.volume()).stream()
                    .filter(Volume.HostPath.class::isInstance)
                    .map(Volume.HostPath.class::cast)
                    .map(
                        host ->
                            AnyPath.of(host.path())
                                .resolve(AnyPath.of(mount.subPath()))
                                .resolve(AnyPath.of(mount.path()).relativize(path))
                                .normalize()
                                .toString()));
  }
}
