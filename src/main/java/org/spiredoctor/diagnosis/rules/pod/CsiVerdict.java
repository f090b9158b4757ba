package org.spiredoctor.diagnosis.rules.pod;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/** How the SPIFFE CSI driver of a pod stands to the agents of its node. */
sealed interface CsiVerdict {
  /** It hands out the directory of their socket, or other rules tell what is amiss. */
  record Fits() implements CsiVerdict {}

  /** What would have to be known. */
  record Untold(String what) implements CsiVerdict {}

  /**
   * It hands out another directory.
   *
   * @param agents of the node, of one SPIRE or of several in the driver's namespace
   */
  record Differs(CsiDriver driver, List<Component> agents) implements CsiVerdict {}

  static CsiVerdict of(ClusterCase cluster, Pod pod, Volume.Csi volume, List<Component> there) {
    List<CsiDriver> all = cluster.csiDrivers().named(volume.driver(), pod);
    // Where no agent of the pod's SPIRE is, other rules say so.
    if (there.isEmpty() || all.isEmpty()) {
      return new Fits();
    }
    CsiDriver driver = CsiVolumes.driver(cluster, pod, volume).orElse(null);
    if (driver == null) {
      return new Untold(
          "which SPIFFE CSI driver is SPIRE's on node "
              + pod.node()
              + ": "
              + all.stream().limit(3).map(d -> d.pod().inWords()).collect(joining(", ")));
    }
    List<Component> meant = meant(cluster, pod, driver, there);
    if (meant.isEmpty() || meant.stream().anyMatch(driver::serves)) {
      return new Fits();
    }
    if (isApart(cluster, driver) && meant.stream().map(cluster::home).distinct().count() > 1) {
      return new Untold(
          "which of several SPIREs the CSI driver " + driver.pod().inWords() + " is for");
    }
    return compared(driver, meant.stream().map(one -> one.on(pod.node())).toList(), pod, volume);
  }

  private static CsiVerdict compared(
      CsiDriver driver, List<Component> meant, Pod pod, Volume.Csi volume) {
    if (driver.directory().isEmpty() && !driver.keepsDirectory()) {
      return new Untold(
          "which directory the SPIFFE CSI driver " + driver.pod().inWords() + " hands out");
    }
    if (meant.stream().anyMatch(one -> !one.tellsSocket() || one.socketInContainer().isEmpty())) {
      return new Untold(
          "where the agents have their socket, to compare it with the directory that the SPIFFE"
              + " CSI driver hands out");
    }
    List<Path> below = meant.stream().flatMap(one -> below(driver, one).stream()).toList();
    if (below.stream().anyMatch(path -> path.getNameCount() == 1)
        || below.stream().anyMatch(path -> LooksBelow.is(pod, volume, path))) {
      return new Fits();
    }
    if (!below.isEmpty() && LooksBelow.isUnknown(pod, volume)) {
      return new Untold(
          "at which path the containers of "
              + pod.inWords()
              + " look for the socket: the SPIFFE CSI driver hands out a directory above its own");
    }
    return isOlder(pod, driver.pod())
        ? new Untold(
            "which directory "
                + pod.inWords()
                + " has mounted: the CSI driver of its node, which now hands out another one than"
                + " the agents', was made later")
        : new Differs(driver, meant);
  }

  /** What a pod has mounted stays as it was when it was mounted. */
  private static boolean isOlder(Pod pod, Pod driver) {
    return driver
        .meta()
        .created()
        .filter(at -> pod.meta().created().filter(at::isAfter).isPresent())
        .isPresent();
  }

  /**
   * Of the SPIRE that the driver is a part of, where it is a part of one and the pod is not known
   * to be another's.
   */
  private static List<Component> meant(
      ClusterCase cluster, Pod pod, CsiDriver driver, List<Component> there) {
    Optional<InstallationCase> home = cluster.home(pod);
    String namespace = driver.pod().meta().namespace();
    boolean apart = isApart(cluster, driver);
    return there.stream()
        .filter(one -> home.map(cluster.home(one)::equals).orElse(true))
        .filter(one -> apart || isIn(cluster.home(one), namespace))
        .toList();
  }

  private static boolean isApart(ClusterCase cluster, CsiDriver driver) {
    String namespace = driver.pod().meta().namespace();
    return cluster.installations().stream().noneMatch(one -> isIn(one, namespace));
  }

  private static boolean isIn(InstallationCase spire, String namespace) {
    return spire.installation().components().anyMatch(part -> part.namespace().equals(namespace));
  }

  /**
   * Where the socket is in what is handed out, if it is there: paths may differ where directories
   * do not.
   */
  private static Optional<Path> below(CsiDriver driver, Component agents) {
    Path socket = agents.socketOnNode().map(AgentSockets::normal).orElse(null);
    return driver
        .directory()
        .map(AgentSockets::normal)
        .filter(directory -> socket != null && socket.startsWith(directory))
        .map(directory -> directory.relativize(socket));
  }
}
