package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/** The SPIFFE CSI driver refuses volumes that are not read-only. */
@AutoService(Rule.class)
public final class CsiVolumeNotReadOnly implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examine(
        cluster,
        pod -> Kubelet.waits(pod) && writable(pod).isPresent(),
        group -> Optional.of(found(cluster, group)));
  }

  private static Optional<Volume.Csi> writable(Pod pod) {
    return pod.volumes().stream()
        .filter(Volume.Csi.class::isInstance)
        .map(Volume.Csi.class::cast)
        .filter(csi -> AgentSockets.isSpiffe(csi.driver()) && !csi.readOnly())
        .findFirst();
  }

  private Outcome found(ClusterCase cluster, PodGroup group) {
    Volume.Csi volume = writable(group.first()).orElseThrow();
    Optional<Event> event = Kubelet.says(cluster, group.first(), "readOnly must be");
    Finding.Builder finding =
        group
            .error(this)
            .confidence(event.isPresent() ? Confidence.CERTAIN : Confidence.LIKELY)
            .seen("volume " + volume.name(), volume.driver() + " without readOnly: true");
    event.ifPresent(e -> finding.seen("event " + e.reason(), e.message()));
    return finding
        .remedy(
            new Remedy.Patch(
                "Make the volume read-only", Manifests.csiVolume(volume.name(), volume.driver())))
        .found(
            "The volume of the SPIFFE CSI driver is not read-only, and the driver mounts no other");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.CONTAINER_NOT_STARTED);
  }
}
