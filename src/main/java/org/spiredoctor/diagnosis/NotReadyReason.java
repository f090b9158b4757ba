package org.spiredoctor.diagnosis;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ControllerManager;
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
public record NotReadyReason(Pod pod, Optional<Container> container) {
  private static final Pattern MISSING =
      Pattern.compile("(configmap|secret|persistentvolumeclaim) \"([^\"]+)\" not found");

  /** Of a pod; the first container that is not well keeps the later ones waiting. */
  public static NotReadyReason of(Pod pod) {
    return new NotReadyReason(
        pod,
        pod.containers().stream()
            .filter(c -> c.status().filter(NotReadyReason::unwell).isPresent())
            .min(
                Comparator.comparing((Container c) -> c.role() != Container.Role.INIT)
                    // What runs may wait for what does not, and a controller for its server.
                    .thenComparing(c -> c.status().filter(NotReadyReason::runs).isPresent())
                    .thenComparing(ControllerManager::runs)));
  }

  private static boolean runs(Container.Status status) {
    return status.state().phase() == State.Phase.RUNNING;
  }

  private static boolean unwell(Container.Status status) {
    State state = status.state();
    // What waits for others has no fault of its own.
    return state.phase() == State.Phase.WAITING
        ? !state.reason().equals("PodInitializing")
        : state.failed() || (state.phase() == State.Phase.RUNNING && !status.ready());
  }

  /** Whether a container runs and has no fault of its own. */
  public static boolean runsWell(Container container) {
    return container.status().filter(status -> runs(status) && status.ready()).isPresent();
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
    if (running() && container.filter(c -> c.role() == Container.Role.INIT).isPresent()) {
      return "has not started: it waits for its init container "
          + container.map(Container::name).orElse("");
    }
    return state()
        .flatMap(State::exitCode)
        .map(code -> "ended with exit code " + code)
        .orElse(state().isPresent() ? "runs, but is not ready" : "has not started");
  }

  private boolean running() {
    return state().filter(s -> s.phase() == State.Phase.RUNNING).isPresent();
  }

  private boolean hangs(ClusterEvidence evidence) {
    return running()
        && lastWarning(evidence)
            .filter(e -> e.reason().equals("Unhealthy"))
            .filter(
                e -> e.message().contains("deadline exceeded") || e.message().contains("timed out"))
            .isPresent();
  }

  /** Whether waiting alone may help: nothing says that it cannot start. */
  public boolean mayBeStarting(ClusterEvidence evidence) {
    boolean unmounted =
        lastWarning(evidence).filter(e -> e.reason().equals("FailedMount")).isPresent();
    return !imageMissing()
        && !crashed()
        && !unmounted
        && !hangs(evidence)
        && !reason().startsWith("Create")
        && state().flatMap(State::exitCode).isEmpty();
  }

  /** The same, with what the program said before it ended. */
  public String inWords(ClusterEvidence evidence) {
    if (pod.node().isEmpty()) {
      return inWords()
          + pod.conditions().stream()
              .filter(c -> c.denies("PodScheduled"))
              .findFirst()
              .map(c -> ": " + c.message())
              .orElse("");
    }
    Optional<Event> unmounted = lastWarning(evidence).filter(e -> e.reason().equals("FailedMount"));
    if (reason().equals("ContainerCreating") && unmounted.isPresent()) {
      return "does not start, because a volume cannot be mounted: " + unmounted.get().message();
    }
    if (hangs(evidence)) {
      return "hangs: it does not answer when its health is asked for";
    }
    Optional<Event> unhealthy =
        lastWarning(evidence).filter(e -> e.reason().equals("Unhealthy") && running());
    if (unhealthy.isPresent()) {
      return inWords() + ": " + unhealthy.get().message();
    }
    boolean ended = crashed() || state().flatMap(State::exitCode).isPresent();
    return inWords()
        + container
            .filter(_ -> ended)
            .flatMap(_ -> crashReason(evidence))
            .map(line -> ": " + inWords(line))
            .orElse("");
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
    crashReason(evidence).ifPresent(line -> finding.said(pod, line));
    return finding;
  }

  private Optional<Log.Line> crashReason(ClusterEvidence evidence) {
    return container.flatMap(
        c -> CrashReason.in(evidence.log(pod, c.name())).or(() -> terminationMessage(c)));
  }

  private static Optional<Log.Line> terminationMessage(Container container) {
    return container
        .status()
        .flatMap(s -> s.state().exitCode().isPresent() ? Optional.of(s.state()) : s.before())
        .flatMap(end -> CrashReason.in(Log.parse(end.message())));
  }

  private static String inWords(Log.Line line) {
    return CrashReason.isMissingSubcommand(line)
        ? "it was started without a sub-command such as run, and printed its usage"
        : line.error().isEmpty() ? line.inShort() : line.error();
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

  /** What tells more, or what fixes it. */
  public Remedy remedy(ClusterEvidence evidence) {
    Matcher missing =
        lastWarning(evidence)
            .filter(e -> e.reason().equals("FailedMount"))
            .map(e -> MISSING.matcher(e.message()))
            .orElse(MISSING.matcher(""));
    if (hangs(evidence)) {
      return new Remedy.Command("Restart it", Kubectl.delete(pod));
    }
    if (crashReason(evidence).filter(CrashReason::isMissingSubcommand).isPresent()) {
      return new Remedy.Advice(
          "Make run the first argument of container "
              + container.map(Container::name).orElse("")
              + " where the pod is defined: args: [run, -config, ...]");
    }
    return missing.find() && reason().equals("ContainerCreating")
        ? new Remedy.Advice(
            "Make the %s %s in the namespace %s again, as it was installed; the pod then starts by itself"
                .formatted(
                    missing.group(1).equals("configmap") ? "config map" : missing.group(1),
                    missing.group(2),
                    pod.meta().namespace()))
        : remedy();
  }

  private Remedy remedy() {
    if (imageMissing()) {
      return new Remedy.Advice(
          "Correct the image "
              + container.map(Container::image).orElse("")
              + ", or let the node get it: name, tag, registry and pull secret");
    }
    if (reason().equals("CreateContainerConfigError")) {
      return new Remedy.Advice(
          "Make what its container is to be given and does not exist: the message names the config"
              + " map or secret");
    }
    if (container.flatMap(Container::status).isEmpty() || (!reason().isEmpty() && !crashed())) {
      return new Remedy.Command(
          "See the pod's events for what keeps it", Kubectl.describe("Pod", pod.meta()));
    }
    return new Remedy.Command(
        "Read why in its log",
        Kubectl.logs(pod, "-c", container.map(Container::name).orElse(""), "--tail=50")
            + (crashed() ? " --previous" : ""));
  }

  private boolean crashed() {
    return reason().equals("CrashLoopBackOff");
  }
}
