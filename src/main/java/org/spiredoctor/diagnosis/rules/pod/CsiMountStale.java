package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.CsiDriver;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/**
 * The agents' socket is in an emptyDir that they share with the SPIFFE CSI driver in their pod, as
 * in Istio's sample. It is gone with that pod: a pod that is older keeps an empty directory
 * mounted.
 */
@AutoService(Rule.class)
public final class CsiMountStale implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examine(
        cluster,
        pod -> !pod.over() && agent(cluster, pod).filter(agent -> isOlder(pod, agent)).isPresent(),
        group -> Optional.of(found(cluster, group)));
  }

  /** The agent's pod whose own directory the driver in it hands out. */
  private static Optional<Pod> agent(ClusterCase cluster, Pod pod) {
    return CsiVolumes.driver(cluster, pod)
        .filter(CsiDriver::keepsDirectory)
        .map(CsiDriver::pod)
        .filter(
            agent ->
                cluster.evidence().agents().stream()
                    .map(Component::pods)
                    .anyMatch(pods -> pods.contains(agent)));
  }

  private static boolean isOlder(Pod pod, Pod agent) {
    return agent
        .meta()
        .created()
        .filter(at -> began(pod).or(pod.meta()::created).filter(at::isAfter).isPresent())
        .isPresent();
  }

  /** When the first of its containers that is known of started; its volumes were there by then. */
  private static Optional<Instant> began(Pod pod) {
    return pod.containers().stream()
        .flatMap(container -> container.status().stream())
        .flatMap(CsiMountStale::lives)
        .flatMap(state -> state.started().stream())
        .min(Comparator.naturalOrder());
  }

  private static Stream<Container.State> lives(Container.Status status) {
    return Stream.concat(Stream.of(status.state()), status.before().stream());
  }

  private Outcome found(ClusterCase cluster, PodGroup group) {
    Pod pod = group.first();
    Pod agent = agent(cluster, pod).orElseThrow();
    Optional<Instant> began = began(pod);
    Finding.Builder finding =
        group
            .error(this)
            .confidence(began.isPresent() ? Confidence.CERTAIN : Confidence.LIKELY)
            .seen(
                pod.inWords(),
                began
                    .map(at -> "has its volumes since before " + at)
                    .orElse("was made before the agent's pod"))
            .seen(
                "agent " + agent.inWords(),
                "made at "
                    + agent.meta().created().map(Instant::toString).orElse("an unknown time")
                    + ", its socket is in an emptyDir");
    if (!pod.meta().owners().isEmpty()) {
      finding.remedy(
          new Remedy.Command(
              "Replace the pod: it mounts the directory that is there now", Kubectl.delete(pod)));
    }
    return finding
        .remedy(
            new Remedy.Advice(
                "To last, give the agents a directory of the node for their socket, a hostPath of"
                    + " type DirectoryOrCreate, in place of the emptyDir"))
        .found(
            "The agent's pod was replaced, and the directory of its socket with it: this pod still"
                + " has the old one mounted");
  }
}
