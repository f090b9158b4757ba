package org.spiredoctor.diagnosis.rules.pod;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/** What pods get by the SPIFFE CSI driver, and who brings it. */
final class CsiVolumes {
  private CsiVolumes() {}

  /** The volumes that a pod asks the driver for: a nested SPIRE's server has two. */
  static Stream<Volume.Csi> of(Pod pod) {
    return pod.volumes().stream()
        .filter(Volume.Csi.class::isInstance)
        .map(Volume.Csi.class::cast)
        .filter(csi -> AgentSockets.isSpiffe(csi.driver()));
  }

  /** SPIRE's driver of a volume on the pod's node, where it is known which that is. */
  static Optional<CsiDriver> driver(ClusterCase cluster, Pod pod, Volume.Csi volume) {
    List<CsiDriver> its =
        cluster.csiDrivers().named(volume.driver(), pod).stream()
            .filter(cluster.csiDrivers()::isCorroborated)
            .toList();
    boolean clear = its.size() == 1 || its.stream().map(CsiVolumes::alike).distinct().count() == 1;
    return clear && !its.getFirst().isUnnamed() ? Optional.of(its.getFirst()) : Optional.empty();
  }

  /** A DaemonSet may start its new pod before it ends the old one. */
  private static List<Object> alike(CsiDriver driver) {
    return List.of(
        driver.pod().meta().owners().stream().map(Meta.OwnerReference::uid).toList(),
        driver.name(),
        driver.directory());
  }
}
