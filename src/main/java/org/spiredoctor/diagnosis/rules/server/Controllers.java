package org.spiredoctor.diagnosis.rules.server;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.NotReadyReason;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.kube.Container;

/** What the rules about controller-managers have in common. */
final class Controllers {
  private Controllers() {}

  /** Judges each; what their logs did not tell because they were not seen is unknown. */
  static List<Outcome> judge(
      ClusterCase cluster, Function<ControllerManager, Optional<Outcome>> judge) {
    List<ControllerManager> all =
        ControllerManager.of(cluster.evidence(), cluster.evidence().servers());
    if (all.isEmpty()) {
      return List.of(new Outcome.NotApplicable("no spire-controller-manager"));
    }
    List<Outcome> found = all.stream().flatMap(one -> judge.apply(one).stream()).toList();
    return Outcome.orPassed(
        found.isEmpty()
            ? Outcome.unknown(all.stream().flatMap(one -> unseen(cluster, one)))
            : found);
  }

  private static Stream<String> unseen(ClusterCase cluster, ControllerManager controller) {
    return controller.server().pods().stream()
        .map(pod -> LogOf.of(pod, controller.container(), false))
        .flatMap(log -> cluster.evidence().snapshot().logMissing(log).stream());
  }

  /** Whether it does not run as it should in some pod. */
  static boolean unwell(ControllerManager controller) {
    return controller.server().pods().stream()
        .flatMap(pod -> pod.containers(Container.Role.APP))
        .filter(container -> container.name().equals(controller.container()))
        .anyMatch(container -> container.status().filter(status -> !status.ready()).isPresent());
  }

  /** Whether the server beside it runs well in some pod, and not only between two crashes. */
  static boolean serverRuns(ControllerManager controller) {
    return controller.server().pods().stream()
        .flatMap(pod -> controller.server().role().container(pod).stream())
        .anyMatch(NotReadyReason::runsWell);
  }

  /** The version that its image's tag tells. */
  static Optional<Release> release(ControllerManager controller) {
    return controller
        .server()
        .specimen()
        .flatMap(
            pod ->
                pod.containers(Container.Role.APP)
                    .filter(ControllerManager::runs)
                    .map(Container::image)
                    .findFirst())
        .filter(image -> image.contains(":"))
        .flatMap(image -> Release.parse(image.substring(image.lastIndexOf(':') + 1)));
  }

  /** Restarts it, with the server whose pod it is in. */
  static Optional<Remedy> restart(ControllerManager controller, String summary) {
    return controller
        .server()
        .owner()
        .map(owner -> new Remedy.Command(summary, Kubectl.restart(owner)));
  }
}
