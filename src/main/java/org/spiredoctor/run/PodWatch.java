package org.spiredoctor.run;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.Pod;

/** Looks at the test pod while it goes from stage to stage. */
final class PodWatch {
  private static final Duration LOOK = Duration.ofMillis(150);
  private static final Duration LOOK_WHILE_TESTING = Duration.ofMillis(500);

  /**
   * When every change is told: some things come with time alone, and a connection can be silent.
   */
  private static final Duration LOOK_UNTOLD = Duration.ofSeconds(1);

  private static final Duration EVENTS = Duration.ofSeconds(2);

  /** The API server may be away for so long. */
  private static final Duration ABSENCE = Duration.ofSeconds(30);

  private final TestPodClient client;
  private final Predicate<Pod> isOurs;
  private final PodBell bell;
  private final RunListener listener;
  private final Set<String> toldEvents = new HashSet<>();
  private List<Event> events = List.of();
  private Duration eventsAt = Duration.ZERO;
  private String stage = "pod";

  /**
   * @param bell that rings when it is to be looked at once more
   */
  PodWatch(TestPodClient client, Predicate<Pod> isOurs, PodBell bell, RunListener listener) {
    this.client = client;
    this.isOurs = isOurs;
    this.bell = bell;
    this.listener = listener;
  }

  /** Which it is at. */
  String stage() {
    return stage;
  }

  /** Looks at the pod until it is so far, and says why it will never be. */
  Pod until(Pod first, String name, Duration limit, Predicate<Pod> reached)
      throws BrokenException, InterruptedException {
    stage = name;
    long began = System.nanoTime();
    Duration seen = Duration.ZERO;
    eventsAt = EVENTS;
    events = List.of();
    Pod pod = first;
    while (true) {
      Duration waited = Duration.ofNanos(System.nanoTime() - began);
      if (reached.test(pod)) {
        return pod;
      }
      Optional<PodTrouble> trouble = PodTrouble.of(pod, told(pod, waited), waited);
      if (trouble.isPresent()) {
        throw new BrokenException(
            trouble.get().what(), trouble.get().container(), trouble.get().hint());
      }
      if (waited.compareTo(limit) > 0) {
        throw new BrokenException(late(pod, name, limit) + last(), late(pod, name), "");
      }
      bell.await(pause(pod, limit.minus(waited)));
      try {
        pod =
            client
                .look()
                .filter(isOurs)
                .orElseThrow(() -> new BrokenException("the pod was deleted by somebody else"));
        seen = waited;
      } catch (KubeException e) {
        if (waited.minus(seen).compareTo(ABSENCE) > 0) {
          throw new BrokenException(e.asked() + ": " + e.answer());
        }
        reconnect(e);
      }
    }
  }

  private Duration pause(Pod pod, Duration left) {
    Duration usual = PodStates.running(pod, TestPod.TEST) ? LOOK_WHILE_TESTING : LOOK;
    if (!bell.listens()) {
      return usual;
    }
    // Not beyond the limit, but not again and again when it is reached.
    Duration most = left.compareTo(LOOK_UNTOLD) < 0 ? left : LOOK_UNTOLD;
    return most.compareTo(usual) < 0 ? usual : most;
  }

  private void reconnect(KubeException why) throws BrokenException {
    if (why.reason() == KubeException.Reason.TIMED_OUT) {
      try {
        client.reconnect();
      } catch (KubeException e) {
        throw new BrokenException(e.asked() + ": " + e.answer());
      }
    }
  }

  private static String late(Pod pod, String name, Duration limit) {
    if (name.equals(TestPod.TEST)) {
      return "the tests did not end in " + limit.toSeconds() + "s";
    }
    return "pod "
        + pod.inWords()
        + " was not beyond stage "
        + name
        + " after "
        + limit.toSeconds()
        + "s";
  }

  private static Optional<String> late(Pod pod, String name) {
    return PodStates.running(pod, name) ? Optional.of(name) : Optional.empty();
  }

  private String last() {
    return events.stream()
        .filter(event -> event.type().equals("Warning"))
        .reduce((a, b) -> b)
        .map(event -> ": " + event.reason() + ": " + event.message())
        .orElse("");
  }

  /** Now and then, and each warning is told once. */
  private List<Event> told(Pod pod, Duration waited) {
    if (waited.compareTo(eventsAt) >= 0 && !stage.equals(TestPod.TEST)) {
      eventsAt = waited.plus(EVENTS);
      events = client.events(pod);
      events.stream()
          .filter(event -> event.type().equals("Warning"))
          .filter(event -> toldEvents.add(event.reason() + event.message()))
          .forEach(event -> listener.doing(event.reason() + ": " + event.message()));
    }
    return events;
  }
}
