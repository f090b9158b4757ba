package org.spiredoctor.evidence.cluster;

import java.nio.file.Path;
import java.util.Optional;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;
import org.spiredoctor.pod.AnyPath;

/** Where paths of containers lie on their node. */
final class NodePaths {
  private NodePaths() {}

  /** Absent when the innermost volume that holds it is none of the node's. */
  static Optional<String> of(Pod pod, Container container, String path) {
    return mount(container, path)
        .flatMap(
            mount ->
                pod.volume(mount.volume())
                    .filter(Volume.HostPath.class::isInstance)
                    .map(Volume.HostPath.class::cast)
                    .map(
                        host ->
                            AnyPath.of(host.path())
                                .resolve(AnyPath.of(mount.subPath()))
                                .resolve(AnyPath.of(mount.path()).relativize(AnyPath.of(path)))
                                .normalize()
                                .toString()));
  }

  /** The innermost volume that holds a path of a container. */
  static Optional<Volume> volume(Pod pod, Container container, String path) {
    return mount(container, path).flatMap(mount -> pod.volume(mount.volume()));
  }

  /** The innermost mount that holds a path. */
  static Optional<Container.MountPoint> mount(Container container, String path) {
    Path wanted = AnyPath.of(path);
    return container.mounts().stream()
        .filter(mount -> wanted.startsWith(AnyPath.of(mount.path())))
        .max((a, b) -> Integer.compare(a.path().length(), b.path().length()));
  }
}
