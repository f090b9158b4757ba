package org.spiredoctor.run;

import java.util.Optional;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Container.State;
import org.spiredoctor.kube.Container.State.Phase;
import org.spiredoctor.kube.Pod;

/** How far the containers of a pod are. */
final class PodStates {
  private PodStates() {}

  /** The state of a container; absent while nothing is told of it. */
  static Optional<State> container(Pod pod, String name) {
    return pod.containers().stream()
        .filter(one -> one.name().equals(name))
        .flatMap(one -> one.status().stream())
        .map(Container.Status::state)
        .findFirst();
  }

  /** Whether it runs, or did. */
  static boolean begun(Pod pod, String name) {
    return container(pod, name).filter(state -> state.phase() != Phase.WAITING).isPresent();
  }

  /** Whether it runs. */
  static boolean running(Pod pod, String name) {
    return container(pod, name).filter(state -> state.phase() == Phase.RUNNING).isPresent();
  }

  /** Whether it ended, however. */
  static boolean ended(Pod pod, String name) {
    return container(pod, name).filter(state -> state.phase() == Phase.TERMINATED).isPresent();
  }

  /** Whether it ended well. */
  static boolean done(Pod pod, String name) {
    return ended(pod, name) && container(pod, name).filter(State::failed).isEmpty();
  }
}
