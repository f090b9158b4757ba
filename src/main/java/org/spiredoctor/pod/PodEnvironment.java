package org.spiredoctor.pod;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a process can tell of the place where it runs.
 *
 * @param inPod whether this is a container of a Kubernetes pod
 * @param namespace of the pod, if a service account volume tells it
 * @param hostname the pod's name, unless the pod sets another
 * @param mounts of this mount namespace; absent where {@code /proc} is not there
 * @param sandbox the runtime class's sandbox, if its marks are seen
 * @param selinux this process's SELinux context
 * @param uid of this process
 * @param sockets that lie in the pod's volumes
 */
public record PodEnvironment(
    boolean inPod,
    Optional<String> namespace,
    String hostname,
    Optional<List<Mount>> mounts,
    Optional<Sandbox> sandbox,
    Optional<String> selinux,
    Optional<Integer> uid,
    List<Path> sockets) {

  /** A runtime that puts a kernel of its own between the pod and the node. */
  public enum Sandbox {
    GVISOR("gVisor"),
    KATA("Kata Containers");

    private final String product;

    Sandbox(String product) {
      this.product = product;
    }

    /** As its makers write it. */
    public String product() {
      return product;
    }
  }

  /** The mount that a path lies on, if the mounts are known. */
  public Optional<Mount> mountOf(Path path) {
    return mounts.flatMap(all -> Mount.holding(path, all));
  }
}
