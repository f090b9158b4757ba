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
import org.spiredoctor.kube.Pod;

/** An init container fails, so that the pod's own containers never start. */
@AutoService(Rule.class)
public final class PodInitFailed implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examineEach(
        cluster,
        pod -> !pod.ready() && failing(pod).isPresent(),
        group -> Optional.of(found(cluster, group)));
  }

  private static Optional<Container> failing(Pod pod) {
    return pod.containers(Container.Role.INIT)
        .filter(c -> c.status().filter(s -> !s.ready() && end(s).isPresent()).isPresent())
        .findFirst();
  }

  /** How it ended, now or before it was started again. */
  private static Optional<Container.State> end(Container.Status status) {
    if (status.state().phase() == Container.State.Phase.TERMINATED) {
      return Optional.of(status.state()).filter(Container.State::failed);
    }
    return status.before().filter(Container.State::failed);
  }

  private Outcome found(ClusterCase cluster, PodGroup group) {
    Pod pod = group.first();
    Container container = failing(pod).orElseThrow();
    Container.Status status = container.status().orElseThrow();
    Container.State end = end(status).orElseThrow();
    int code = end.exitCode().orElse(-1);
    Finding.Builder finding =
        group
            .error(this)
            .seen(
                "init container " + container.name(),
                "exit code "
                    + code
                    + (end.reason().isEmpty() ? "" : ", " + end.reason())
                    + ", "
                    + status.restarts()
                    + " restarts");
    LastWords.quote(cluster, pod, container, end, finding);
    return finding
        .reason(LastWords.reason(pod, end))
        .remedy(new Remedy.Command("Read what it says", Kubectl.logs(pod, "-c", container.name())))
        .found(
            "The init container "
                + container.name()
                + " fails with exit code "
                + code
                + ", so the pod's own containers do not start");
  }

  /** It fails because it waits for an identity that does not come. */
  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.CONTAINER_NOT_STARTED);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Effect.keepingIdentityAnd(Effect.IDENTITY_LACKING);
  }
}
