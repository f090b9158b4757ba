package org.spiredoctor.diagnosis;

import java.util.Comparator;
import java.util.Optional;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Container.State;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Pod;

/**
 * Why a pod is not ready, as Kubernetes and the pod's own log tell it.
 *
 * @param container that is at fault, where one is
 */
public record Ailment(Pod pod, Optional<Container> container) {

  /** Of a pod; the first container that is not well keeps the later ones waiting. */
  public static Ailment of(Pod pod) {
    return new Ailment(
        pod,
        pod.containers().stream()
            .filter(c -> c.status().filter(Ailment::unwell).isPresent())
            .min(Comparator.comparingInt(c -> c.role() == Container.Role.INIT ? 0 : 1)));
  }

  private static boolean unwell(Container.Status status) {
    State state = status.state();
    // What waits for others has no fault of its own.
    return state.phase() == State.Phase.WAITING
        ? !state.reason().equals("PodInitializing")
        : state.failed() || (state.phase() == State.Phase.RUNNING && !status.ready());
  }

  private Optional<State> state() {
    return container.flatMap(Container::status).map(Container.Status::state);
  }

  /** The reason for which the container waits, such as {@code CrashLoopBackOff}; else empty. */
  public String reason() {
    return state().filter(s -> s.phase() == State.Phase.WAITING).map(State::reason).orElse("");
  }

  private boolean imageMissing() {
    return reason().startsWith("ErrImage")
        || reason().startsWith("ImagePull")
        || reason().equals("InvalidImageName");
  }

  /** What comes after the pod's name in a sentence. */
  public String inWords() {
    if (pod.node().isEmpty()) {
      return "is not scheduled to any node";
    }
    if (imageMissing()) {
      return "cannot get its image";
    }
    if (reason().equals("CrashLoopBackOff")) {
      return "crashes again and again";
    }
    if (!reason().isEmpty()) {
      return "does not start: " + reason();
    }
    return state()
        .flatMap(State::exitCode)
        .map(code -> "ended with exit code " + code)
        .orElse(state().isPresent() ? "runs, but is not ready" : "has not started");
  }

  /** Quotes what tells of it, each in a line. */
  public Finding.Builder quote(ClusterEvidence evidence, Finding.Builder finding) {
    String source = "pod " + pod.inWords();
    pod.conditions().stream()
        .filter(c -> c.denies("PodScheduled"))
        .forEach(c -> finding.seen(source, c.reason() + ": " + c.message()));
    state()
        .filter(s -> !s.reason().isEmpty())
        .ifPresent(s -> finding.seen(source, join(s.reason(), s.message())));
    container
        .flatMap(Container::status)
        .flatMap(s -> s.state().exitCode().isPresent() ? Optional.of(s.state()) : s.before())
        .flatMap(State::exitCode)
        .ifPresent(
            code ->
                finding.seen(
                    source,
                    "container "
                        + container.map(Container::name).orElse("")
                        + " ended with exit code "
                        + code
                        + ", restarts: "
                        + container.flatMap(Container::status).map(s -> s.restarts()).orElse(0)));
    lastWarning(evidence)
        .ifPresent(e -> finding.seen("event of " + source, e.reason() + ": " + e.message()));
    container
        .flatMap(c -> complaint(evidence.log(pod, c.name())))
        .ifPresent(line -> finding.seen("log of " + pod.inWords(), line.inShort()));
    return finding;
  }

  private static String join(String reason, String message) {
    return message.isEmpty() ? reason : reason + ": " + message;
  }

  /** That a container is being restarted is said already. */
  private Optional<Event> lastWarning(ClusterEvidence evidence) {
    return evidence.eventsOf("Pod", pod.meta()).stream()
        .filter(e -> e.type().equals("Warning") && !e.reason().equals("BackOff"))
        .reduce((first, last) -> last);
  }

  /**
   * The last line that complains. What SPIRE prints before its log is set up has no level; what it
   * tries again is a warning with an error.
   */
  public static Optional<Log.Line> complaint(Log log) {
    return log.lines().stream().filter(Ailment::complains).reduce((first, last) -> last);
  }

  private static boolean complains(Log.Line line) {
    return switch (line.level()) {
      case "error", "fatal", "panic", "" -> true;
      default -> !line.error().isEmpty();
    };
  }

  /** What tells more. */
  public Remedy remedy() {
    if (imageMissing()) {
      return new Remedy.Advice(
          "Correct the image "
              + container.map(Container::image).orElse("")
              + ", or let the node get it: name, tag, registry and pull secret");
    }
    if (container.flatMap(Container::status).isEmpty() || (!reason().isEmpty() && !crashed())) {
      return new Remedy.Command(
          "See the pod's events for what keeps it", Kubectl.describe("Pod", pod.meta()));
    }
    return new Remedy.Command(
        "Read why in its log",
        Kubectl.command(
                "logs",
                "-n",
                pod.meta().namespace(),
                pod.meta().name(),
                "-c",
                container.map(Container::name).orElse(""),
                "--tail=50")
            + (crashed() ? " --previous" : ""));
  }

  private boolean crashed() {
    return reason().equals("CrashLoopBackOff");
  }
}
