package org.spiredoctor.diagnosis.rules.pod;

import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.PodOwner;
import org.spiredoctor.kube.Volume;

/** A policy's refusal of a pod because of a volume that could hold an agent's socket. */
sealed interface VolumeRefusal permits HostPathRefusal, CsiRefusal {

  /** Of an event; absent where it is about something else. */
  static Optional<VolumeRefusal> of(Event event) {
    return CsiRefusal.parse(event.message()).or(() -> HostPathRefusal.parse(event.message()));
  }

  /** Whether it is about this volume of what cannot be created. */
  boolean concerns(ClusterCase cluster, Volume volume);

  /**
   * Adds evidence and remedies.
   *
   * @param owner of the pods; absent where it is not listed
   * @param spire the server or agents that the pods are, or whose namespace they share
   * @return the one plain sentence
   */
  String describe(
      ClusterCase cluster,
      Event event,
      Optional<PodOwner> owner,
      Optional<Component> spire,
      Finding.Builder finding);
}
