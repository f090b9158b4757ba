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
import org.spiredoctor.evidence.cluster.ClusterEvidence;
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
    return PodGroup.examineEach(
        cluster,
        pod -> !pod.over() && agent(cluster, pod).filter(agent -> isOlder(pod, agent)).isPresent(),
        group -> Optional.of(judge(cluster, group)));
  }

  /** The agent's pod whose own directory the driver in it hands out. */
  private static Optional<Pod> agent(ClusterCase cluster, Pod pod) {
    return CsiVolumes.of(pod)
        .flatMap(volume -> CsiVolumes.driver(cluster, pod, volume).stream())
        .filter(CsiDriver::keepsDirectory)
        .filter(driver -> cluster.evidence().agents().stream().anyMatch(driver::sharesVolume))
        .map(CsiDriver::pod)
        .findFirst();
  }

  /** Whether it is known to be, or was made before and may be. */
  private static boolean isOlder(Pod pod, Pod agent) {
    return agent
        .meta()
        .created()
        // Nodes have clocks of their own: both must say so.
        .filter(at -> pod.meta().created().filter(at::isAfter).isPresent())
        .filter(at -> began(pod).map(at::isAfter).orElse(hasBegunAnew(pod)))
        .isPresent();
  }

  /**
   * When the first of its containers started; its volumes were there by then. Kubernetes keeps two
   * lives of a container: of one that has had more it is not known.
   */
  private static Optional<Instant> began(Pod pod) {
    return pod.containers().stream()
        .flatMap(container -> container.status().stream())
        .filter(status -> status.restarts() <= 1)
        .flatMap(CsiMountStale::lives)
        .flatMap(state -> state.started().stream())
        .min(Comparator.naturalOrder());
  }

  /** One that ended for an unknown reason was mounted anew: the node was started again. */
  private static Stream<Container.State> lives(Container.Status status) {
    return Stream.concat(
        Stream.of(status.state()),
        status.before().stream().filter(before -> !before.reason().equals("Unknown")));
  }

  private static boolean hasBegunAnew(Pod pod) {
    return pod.containers().stream()
        .flatMap(container -> container.status().stream())
        .anyMatch(status -> status.restarts() > 0);
  }

  private Outcome judge(ClusterCase cluster, PodGroup group) {
    Pod agent = agent(cluster, group.first()).orElseThrow();
    return began(group.first())
        .map(began -> found(cluster.evidence(), group, agent, began))
        .orElseGet(
            () ->
                new Outcome.Unknown(
                    "whether "
                        + group.first().inWords()
                        + " mounted the socket directory of its node before the agent's pod "
                        + agent.inWords()
                        + " was made: its containers were restarted several times"));
  }

  private Outcome found(ClusterEvidence evidence, PodGroup group, Pod agent, Instant began) {
    Pod pod = group.first();
    Finding.Builder finding =
        group
            .error(this)
            // A node that was started again has mounted anew what its pods have.
            .confidence(hasBegunAnew(pod) ? Confidence.LIKELY : Confidence.CERTAIN)
            .seen(pod.inWords(), "has its volumes since before " + began)
            .seen(
                "agent " + agent.inWords(),
                "made at "
                    + agent.meta().created().map(Instant::toString).orElse("an unknown time")
                    + ", its socket is in an emptyDir");
    if (!pod.meta().owners().isEmpty()) {
      finding.remedy(
          new Remedy.Command(
              group.pods().size() == 1
                  ? "Replace the pod: it mounts the directory that is there now"
                  : "Replace the pods: they mount the directory that is there now",
              Kubectl.replace(evidence, group.pods())));
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
