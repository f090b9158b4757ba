package org.spiredoctor.kube;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A directory of the node that may be mounted into a test pod for its socket. Where an agent has
 * its socket stands in manifests that anybody may have written, and a mount of {@code /} or {@code
 * /var/lib/kubelet} gives the pod the node, and a mount of {@code /run/containerd} its container
 * runtime. What a flag says is held to the same: no agent keeps its socket there.
 */
public final class SocketDirectory {
  private static final int LONGEST = 1024;

  /** Whatever is in them is not for a pod. */
  private static final List<Path> CLOSED =
      paths(
          "/etc",
          "/proc",
          "/sys",
          "/dev",
          "/root",
          "/home",
          "/usr",
          "/boot",
          "/bin",
          "/sbin",
          "/lib",
          "/lib64",
          "/var/log",
          "/var/lib/containerd",
          "/var/lib/containers",
          "/var/lib/docker",
          "/var/lib/etcd",
          "/var/lib/rancher",
          "/var/lib/k0s",
          "/var/snap",
          "/snap",
          "/opt/bin",
          "/var/lib/cni",
          "/var/spool",
          "/opt/cni",
          "/run/netns",
          "/run/containerd",
          "/run/containers",
          "/run/crio",
          "/run/docker",
          "/run/docker.sock",
          "/run/podman",
          "/run/dbus",
          "/run/systemd",
          "/run/udev",
          "/run/user",
          "/run/lock",
          "/run/secrets/kubernetes.io",
          "/run/k3s",
          "/run/cri-dockerd.sock",
          "/run/dockershim.sock");

  /** What is right in them is, but there are agents that have a directory further down. */
  private static final List<Path> SHARED =
      paths(
          "/",
          "/var",
          "/var/lib",
          "/run",
          "/tmp",
          "/opt",
          "/srv",
          "/mnt",
          "/media",
          "/var/tmp",
          "/data");

  private static final Path KUBELET = Path.of("/var/lib/kubelet");
  private static final Path PLUGINS = KUBELET.resolve("plugins");

  private SocketDirectory() {}

  private static List<Path> paths(String... paths) {
    return List.of(paths).stream().map(Path::of).toList();
  }

  /**
   * What speaks against a directory, as the end of a sentence such as {@code it is not absolute};
   * empty when nothing does.
   */
  public static Optional<String> refusal(String directory) {
    if (directory.length() > LONGEST || directory.chars().anyMatch(Character::isISOControl)) {
      return Optional.of("it is not the name of a directory");
    }
    Path path;
    try {
      path = Path.of(directory);
    } catch (InvalidPathException e) {
      return Optional.of("it is not the name of a directory");
    }
    if (!path.isAbsolute()) {
      return Optional.of("it is not absolute");
    }
    for (Path part : path) {
      if (part.toString().equals("..")) {
        return Optional.of("it contains ..");
      }
    }
    Path plain = plain(path.normalize());
    boolean kubelet = plain.startsWith(KUBELET) && !isPlugin(plain);
    return SHARED.contains(plain) || kubelet || CLOSED.stream().anyMatch(plain::startsWith)
        ? Optional.of("it holds more of the node than the socket of an agent")
        : Optional.empty();
  }

  /**
   * A directory of a plugin of SPIFFE or SPIRE, such as that of the SPIFFE CSI driver. Those of
   * other plugins hold volumes and devices.
   */
  private static boolean isPlugin(Path path) {
    return path.startsWith(PLUGINS)
        && path.getNameCount() > PLUGINS.getNameCount()
        && StreamSupport.stream(PLUGINS.relativize(path).spliterator(), false)
            .map(Path::toString)
            .anyMatch(name -> name.contains("spiffe") || name.contains("spire"));
  }

  /** The directory has two names on every Linux. */
  private static Path plain(Path path) {
    Path old = Path.of("/var/run");
    return path.startsWith(old) ? Path.of("/run").resolve(old.relativize(path)).normalize() : path;
  }
}
