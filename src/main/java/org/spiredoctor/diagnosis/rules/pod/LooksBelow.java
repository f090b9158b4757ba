package org.spiredoctor.diagnosis.rules.pod;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;
import org.spiredoctor.pod.AnyPath;

/** Whether containers look for a socket in a directory below the one that they mount. */
final class LooksBelow {
  private LooksBelow() {}

  /**
   * Whether one does.
   *
   * @param below the socket's path in the volume
   */
  static boolean is(Pod pod, Volume volume, Path below) {
    return pod.containers().stream()
        .anyMatch(
            container ->
                mounts(container, volume)
                    .flatMap(mount -> inContainer(mount, below).stream())
                    .anyMatch(path -> isNamed(container, path)));
  }

  private static Stream<Container.MountPoint> mounts(Container container, Volume volume) {
    return container.mounts().stream().filter(mount -> mount.volume().equals(volume.name()));
  }

  private static Optional<Path> inContainer(Container.MountPoint mount, Path below) {
    Path from = AnyPath.of(mount.subPath());
    Path at = AnyPath.of(mount.path());
    return mount.subPath().isEmpty()
        ? Optional.of(at.resolve(below).normalize())
        : below.startsWith(from)
            ? Optional.of(at.resolve(from.relativize(below)).normalize())
            : Optional.empty();
  }

  private static boolean isNamed(Container container, Path path) {
    return address(container).filter(path::equals).isPresent()
        || container.words().anyMatch(word -> word.contains(path.toString()));
  }

  private static Optional<Path> address(Container container) {
    return AgentSockets.address(container).flatMap(AgentSockets::path);
  }

  /** Whether it is not seen where a container that has the volume looks: in a file, perhaps. */
  static boolean isUnknown(Pod pod, Volume volume) {
    List<Container> its =
        pod.containers().stream().filter(c -> mounts(c, volume).findAny().isPresent()).toList();
    return its.isEmpty() || its.stream().anyMatch(container -> address(container).isEmpty());
  }
}
