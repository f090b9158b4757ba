package org.spiredoctor.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Container.State;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Pod;

/**
 * What keeps a pod from ever getting further, as its status tells it.
 *
 * @param what in one sentence; it quotes what is untrusted
 * @param container the one that failed, where it was one
 */
record PodTrouble(String what, Optional<String> container) {
  /** So long a scheduler may take to know better, and an autoscaler to look. */
  static final Duration UNSCHEDULABLE = Duration.ofSeconds(15);

  /** The same where the autoscaler has looked, and makes no node. */
  static final Duration NO_SCALE_UP = Duration.ofSeconds(3);

  /** Trying again does not mend them. */
  private static final Set<String> HOPELESS =
      Set.of(
          "InvalidImageName",
          "ErrImageNeverPull",
          "CreateContainerConfigError",
          "RunContainerError");

  /** The kubelet tries again, and may have more luck; not for ever. */
  private static final Set<String> RETRIED =
      Set.of("ErrImagePull", "ImagePullBackOff", "CreateContainerError");

  private static final Duration RETRY = Duration.ofSeconds(30);

  private static final Set<String> OURS = Set.of(TestPod.WAIT, TestPod.SETUP, TestPod.TEST);

  /** Of a registry: no other answer is to be expected. */
  private static final List<String> REFUSED =
      List.of("not found", "denied", "unauthorized", "manifest unknown", "no such host");

  /** What an autoscaler says of a pod for which it makes a node. */
  private static final Set<String> SCALING = Set.of("TriggeredScaleUp", "Nominated");

  /** A container's program was not started. */
  private static final Set<String> NOT_STARTED =
      Set.of("StartError", "ContainerCannotRun", "ContainerStatusUnknown");

  /**
   * Looks for it.
   *
   * @param events of the pod
   * @param waited how long it has been waited for a node
   */
  static Optional<PodTrouble> of(Pod pod, List<Event> events, Duration waited) {
    return gone(pod)
        .or(() -> containers(pod, events, waited))
        .or(() -> failed(pod))
        .or(() -> unscheduled(pod, events, waited));
  }

  private static Optional<PodTrouble> gone(Pod pod) {
    return pod.meta().deleting()
        ? Optional.of(about("Pod " + pod.inWords() + " was deleted by somebody else"))
        : Optional.empty();
  }

  private static PodTrouble about(String what) {
    return new PodTrouble(what, Optional.empty());
  }

  private static Optional<PodTrouble> containers(Pod pod, List<Event> events, Duration waited) {
    return pod.containers().stream()
        .flatMap(one -> container(pod, one, events, waited).stream())
        .findFirst();
  }

  private static Optional<PodTrouble> container(
      Pod pod, Container one, List<Event> events, Duration waited) {
    State state = one.status().map(Container.Status::state).orElse(null);
    if (state == null) {
      return Optional.empty();
    }
    // What a sidecar does is not for us to judge, be it an init container or not.
    boolean ours = OURS.contains(one.name());
    return switch (state.phase()) {
      case TERMINATED -> ours ? ended(one, state) : Optional.empty();
      case WAITING ->
          (ours || one.role() == Container.Role.INIT) && isHopeless(state, events, waited)
              ? Optional.of(
                  about(name(one) + " of pod " + pod.inWords() + " does not start: " + why(state)))
              : Optional.empty();
      case RUNNING -> Optional.empty();
    };
  }

  private static Optional<PodTrouble> ended(Container one, State state) {
    boolean ends = one.role() == Container.Role.INIT || NOT_STARTED.contains(state.reason());
    String code = state.exitCode().map(is -> " (exit code: " + is + ")").orElse("");
    boolean plain = state.reason().isEmpty() || state.reason().equals("Error");
    return ends && state.failed()
        ? Optional.of(
            new PodTrouble(
                name(one) + " failed" + code + (plain ? "" : ": " + why(state)),
                Optional.of(one.name())))
        : Optional.empty();
  }

  private static String name(Container one) {
    return one.role().inWords() + " " + one.name();
  }

  private static String why(State state) {
    return state.reason() + (state.message().isEmpty() ? "" : ": " + state.message());
  }

  /** What may help. */
  String hint() {
    return what.contains(" does not start: ") && what.contains("Image")
        ? "--image and --doctor-image (or SPIRE_DOCTOR_IMAGE) say which images are taken."
        : "";
  }

  private static boolean isHopeless(State state, List<Event> events, Duration waited) {
    boolean refused =
        Stream.concat(Stream.of(state.message()), events.stream().map(Event::message))
            .anyMatch(message -> REFUSED.stream().anyMatch(message::contains));
    return HOPELESS.contains(state.reason())
        || (RETRIED.contains(state.reason())
            && ((state.reason().contains("Image") && refused) || waited.compareTo(RETRY) >= 0));
  }

  /** As a whole: evicted, its time limit, its node; or an init container that is not ours. */
  private static Optional<PodTrouble> failed(Pod pod) {
    boolean tested = PodStates.ended(pod, TestPod.TEST);
    if (!pod.phase().equals("Failed") || (tested && pod.reason().isEmpty())) {
      return Optional.empty();
    }
    Optional<String> init =
        pod.containers(Container.Role.INIT)
            .filter(one -> one.status().filter(s -> s.state().failed()).isPresent())
            .map(one -> name(one) + " failed")
            .findFirst();
    String why =
        Stream.concat(Stream.of(pod.reason(), pod.message()), init.stream())
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(": "));
    return Optional.of(about("Pod " + pod.inWords() + " failed: " + why));
  }

  private static Optional<PodTrouble> unscheduled(Pod pod, List<Event> events, Duration waited) {
    boolean looked = events.stream().anyMatch(e -> e.reason().equals("NotTriggerScaleUp"));
    if (waited.compareTo(looked ? NO_SCALE_UP : UNSCHEDULABLE) < 0
        || events.stream().anyMatch(event -> SCALING.contains(event.reason()))) {
      return Optional.empty();
    }
    return pod.conditions().stream()
        .filter(c -> c.denies("PodScheduled") && c.reason().equals("Unschedulable"))
        .findFirst()
        .map(condition -> about("No node takes pod " + pod.inWords() + ": " + condition.message()));
  }
}
