package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** A pod's own container ends, again and again or for good, whatever its identity. */
@AutoService(Rule.class)
public final class PodCrashing implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examineEach(
        cluster, pod -> crashing(pod).isPresent(), group -> Optional.of(found(cluster, group)));
  }

  private static Optional<Container> crashing(Pod pod) {
    return pod.ready()
        ? Optional.empty()
        : pod.containers(Container.Role.APP).filter(c -> end(c).isPresent()).findFirst();
  }

  /** How it ended, now or before it was started again. */
  private static Optional<Container.State> end(Container container) {
    return container
        .status()
        .filter(status -> !status.ready())
        .flatMap(
            status ->
                status.state().phase() == Container.State.Phase.TERMINATED
                    ? Optional.of(status.state())
                    : status.before())
        .filter(Container.State::failed);
  }

  private Outcome found(ClusterCase cluster, PodGroup group) {
    Pod pod = group.first();
    Container container = crashing(pod).orElseThrow();
    int code = end(container).flatMap(Container.State::exitCode).orElse(-1);
    int restarts = container.status().map(Container.Status::restarts).orElse(0);
    boolean over = pod.over();
    // It may be of no concern to SPIRE: what it is told above all is that the way is clear.
    Finding.Builder finding =
        group
            .warning(this)
            .confidence(Confidence.LIKELY)
            .seen(
                "container " + container.name(),
                "exit code " + code + ", " + restarts + " restarts");
    end(container).ifPresent(end -> LastWords.quote(cluster, pod, container, end, finding));
    return finding
        .reason(end(container).map(end -> LastWords.reason(pod, end)).orElse(""))
        .remedy(
            new Remedy.Command(
                "Read what it says",
                Kubectl.logs(pod, "-c", container.name())
                    + (restarts > 0 && !over ? " --previous" : "")))
        .found(
            "Container "
                + container.name()
                + (over ? " ended with exit code " : " ends with exit code ")
                + code
                + (over
                    ? ", and the pod has failed: it is not started again"
                    : " and is started again, so the pod is not ready"));
  }

  /** It fails because its identity does not come. */
  @Override
  public Set<Effect> explainedBy() {
    return Effect.keepingIdentityAnd(Effect.IDENTITY_LACKING);
  }
}
