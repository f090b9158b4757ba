package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Pod;

/** A pod has its node, and the kubelet does not get it to run: so it cannot ask for anything. */
@AutoService(Rule.class)
public final class PodNotStarted implements Rule {
  /** Volumes and networks take their time; nothing need be wrong yet. */
  private static final Duration STARTING = Duration.ofSeconds(60);

  private static final Set<String> COMING = Set.of("", "ContainerCreating", "PodInitializing");

  private static final String CRASHING = "CrashLoopBackOff";

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examineEach(
        cluster,
        pod -> !pod.over() && (Kubelet.waits(pod) || isRefusedBesideOthers(pod)),
        group -> Optional.of(judge(cluster, group)));
  }

  /** What keeps crashing runs now and then, and is another finding. */
  private static boolean isRefusedBesideOthers(Pod pod) {
    return pod.containers().stream()
        .map(PodNotStarted::reason)
        .anyMatch(reason -> !COMING.contains(reason) && !reason.equals(CRASHING));
  }

  private Outcome judge(ClusterCase cluster, PodGroup group) {
    Pod pod = group.first();
    Optional<Container> refused =
        pod.containers().stream().filter(c -> !COMING.contains(reason(c))).findFirst();
    Optional<Event> warning =
        cluster.evidence().eventsOf("Pod", pod.meta()).reversed().stream()
            // It has its node by now.
            .filter(
                event ->
                    event.type().equals("Warning") && !event.reason().equals("FailedScheduling"))
            // The latest, but for one that says less of why the same failed.
            .reduce(
                (later, earlier) -> isTimeout(later) && saysWhy(earlier, later) ? earlier : later);
    boolean late =
        pod.meta()
            .created()
            .filter(made -> Duration.between(made, cluster.evidence().at()).compareTo(STARTING) > 0)
            .isPresent();
    boolean any = pod.containers().stream().anyMatch(PodNotStarted::hasRun);
    if (refused.isEmpty() && (any || (warning.isEmpty() && !late))) {
      return new Outcome.Unknown(
          "whether the pod "
              + pod.inWords()
              + " gets an identity: it is "
              + pod.phase()
              + " and its containers have not started yet; check again in a minute");
    }
    Finding.Builder finding = group.error(this);
    refused
        .flatMap(Container::status)
        .ifPresent(
            status ->
                finding.seen(
                    "container " + refused.get().name(),
                    status.state().reason() + ": " + status.state().message()));
    warning.ifPresent(event -> finding.seen("event " + event.reason(), event.message()));
    String reason = reason(pod, refused, warning);
    return finding
        .reason(reason)
        .remedy(
            new Remedy.Command(
                "See all that the kubelet says", Kubectl.describe("Pod", pod.meta())))
        .found(
            refused
                .map(c -> c.role().inWords() + " " + c.name() + " cannot be started")
                .orElse("nothing of it runs yet")
                .transform(what -> "The pod has its node " + pod.node() + ", and " + what)
                .concat(reason.isEmpty() ? "" : " (" + reason + ")")
                .concat(", so it cannot ask for an identity"));
  }

  private static boolean saysWhy(Event earlier, Event later) {
    return earlier.reason().equals(later.reason()) && !isTimeout(earlier);
  }

  private static boolean isTimeout(Event event) {
    return event.message().endsWith("timed out waiting for the condition")
        || event.message().endsWith("context deadline exceeded");
  }

  private static String reason(Pod pod, Optional<Container> refused, Optional<Event> warning) {
    return refused
        .flatMap(Container::status)
        .map(Container.Status::state)
        .map(state -> CommonReason.of(state.reason(), state.message(), pod))
        .or(() -> warning.map(event -> CommonReason.of(event.reason(), event.message(), pod)))
        .filter(_ -> refused.filter(PodNotStarted::isToldElsewhere).isEmpty())
        .orElse("");
  }

  /** That an image is not pulled or a container ends, which now waits and is now tried again. */
  private static boolean isToldElsewhere(Container container) {
    return PodImageNotPulled.waits(container) || reason(container).equals(CRASHING);
  }

  private static boolean hasRun(Container container) {
    return container
        .status()
        .filter(
            status ->
                status.state().phase() != Container.State.Phase.WAITING
                    || status.before().isPresent())
        .isPresent();
  }

  private static String reason(Container container) {
    return container
        .status()
        .map(Container.Status::state)
        .filter(state -> state.phase() == Container.State.Phase.WAITING)
        .map(Container.State::reason)
        .orElse("");
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(
        Effect.AGENT_REFUSED,
        Effect.AGENT_ABSENT,
        Effect.SOCKET_NOT_REACHED,
        Effect.CONTAINER_NOT_STARTED);
  }
}
