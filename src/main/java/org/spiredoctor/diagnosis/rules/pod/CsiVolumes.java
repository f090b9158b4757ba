package org.spiredoctor.diagnosis.rules.pod;

import java.util.Optional;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/** What pods get by the SPIFFE CSI driver, and who brings it. */
final class CsiVolumes {
  private CsiVolumes() {}

  /** The volume that a pod asks the driver for. */
  static Optional<Volume.Csi> of(Pod pod) {
    return pod.volumes().stream()
        .filter(Volume.Csi.class::isInstance)
        .map(Volume.Csi.class::cast)
        .filter(csi -> AgentSockets.isSpiffe(csi.driver()))
        .findFirst();
  }

  /** The driver of that name on a pod's node. */
  static Optional<CsiDriver> driver(ClusterCase cluster, Pod pod) {
    return of(pod)
        .flatMap(
            volume ->
                cluster.csiDrivers().stream()
                    .filter(driver -> driver.name().equals(volume.driver()))
                    .filter(driver -> driver.pod().node().equals(pod.node()))
                    .findFirst());
  }
}
