package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
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

/** A container waits for its image. */
@AutoService(Rule.class)
public final class PodImageNotPulled implements Rule {
  private static final Set<String> REASONS =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "InvalidImageName",
          "ImageInspectError",
          "RegistryUnavailable");

  private static final Set<String> TRIED = Set.of("ErrImagePull", "ImagePullBackOff");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examineEach(
        cluster, pod -> waiting(pod).isPresent(), group -> Optional.of(found(cluster, group)));
  }

  private static Optional<Container> waiting(Pod pod) {
    return pod.containers().stream().filter(PodImageNotPulled::waits).findFirst();
  }

  static boolean waits(Container container) {
    return container.status().filter(s -> REASONS.contains(s.state().reason())).isPresent();
  }

  private Outcome found(ClusterCase cluster, PodGroup group) {
    Pod pod = group.first();
    Container container = waiting(pod).orElseThrow();
    Container.State state = container.status().orElseThrow().state();
    Finding.Builder finding =
        group
            .error(this)
            .seen(
                container.role().inWords() + " " + container.name(),
                state.reason() + (state.message().isEmpty() ? "" : ": " + state.message()));
    // A back-off says no more of why.
    Optional<String> pull =
        cluster.evidence().eventsOf("Pod", pod.meta()).reversed().stream()
            .filter(
                event -> event.reason().equals("Failed") && event.message().contains("pull image"))
            .map(Event::message)
            .findFirst();
    pull.ifPresent(message -> finding.seen("event", message));
    return finding
        .reason(reason(pod, state, pull))
        .remedy(new Remedy.Advice(advice(state.reason(), pod)))
        .remedy(
            new Remedy.Command(
                "See all that the kubelet says", Kubectl.describe("Pod", pod.meta())))
        .found(
            "The image "
                + container.image()
                + " of "
                + container.role().inWords()
                + " "
                + container.name()
                + " is not there, so it has not started");
  }

  /** It is tried, and waited for the next time, for one reason. */
  private static String reason(Pod pod, Container.State state, Optional<String> pull) {
    String words = CommonReason.words(pull.orElse(state.message()), pod);
    return TRIED.contains(state.reason()) ? words : state.reason() + ": " + words;
  }

  private static String advice(String reason, Pod pod) {
    return switch (reason) {
      case "ErrImageNeverPull" ->
          "Load the image on node "
              + pod.node()
              + ", or let imagePullPolicy be IfNotPresent: with Never the kubelet does not fetch it";
      case "InvalidImageName" -> "Correct the image's name: it is not a valid reference";
      default ->
          "Check the image's name and tag, and imagePullSecrets where the registry wants to know who"
              + " asks";
    };
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.CONTAINER_NOT_STARTED);
  }
}
