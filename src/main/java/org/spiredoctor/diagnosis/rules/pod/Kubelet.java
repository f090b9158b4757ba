package org.spiredoctor.diagnosis.rules.pod;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;

/** What the kubelet tells of pods that it cannot start. */
final class Kubelet {
  private Kubelet() {}

  /** The pods that do not start, and of which the kubelet says this. */
  static List<Outcome> examine(
      ClusterCase cluster, String keyword, BiFunction<PodGroup, Event, Outcome> judge) {
    Optional<String> missing = cluster.evidence().snapshot().objects(Kind.EVENT).missing();
    boolean anyWaits = cluster.examined().stream().anyMatch(Kubelet::waits);
    if (missing.isPresent() && anyWaits) {
      return List.of(new Outcome.Unknown(missing.get()));
    }
    return PodGroup.examineEach(
        cluster,
        pod -> waits(pod) && says(cluster, pod, keyword).isPresent(),
        group -> says(cluster, group.first(), keyword).map(event -> judge.apply(group, event)));
  }

  /** Whether a pod has a node, and nothing of it has started: events of others are history. */
  static boolean waits(Pod pod) {
    return pod.phase().equals("Pending") && !pod.node().isEmpty();
  }

  /** The last event of a pod with a keyword. */
  static Optional<Event> says(ClusterCase cluster, Pod pod, String keyword) {
    return cluster.evidence().eventsOf("Pod", pod.meta()).reversed().stream()
        .filter(event -> event.message().contains(keyword))
        .findFirst();
  }
}
