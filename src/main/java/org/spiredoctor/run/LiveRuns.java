package org.spiredoctor.run;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.K8sSelectors;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Pod;

/**
 * Tells which entries test runs use that are alive, so that another run leaves them alone.
 *
 * @param selectors of the containers of their pods; absent where pods could not be seen, and any
 *     entry may be in use
 */
record LiveRuns(Optional<List<Set<Selector>>> selectors) implements Predicate<Entry> {
  /**
   * Those in a cluster.
   *
   * @param namespace of the run that asks
   * @param replaced the name of the pod that it replaces, if it does
   */
  static LiveRuns of(
      ClusterEvidence evidence,
      K8sSelectors selectors,
      String namespace,
      Optional<String> replaced) {
    return new LiveRuns(
        evidence
            .pods()
            .seen()
            .filter(pods -> wereListed(pods, namespace, evidence.query().namespaces()))
            .map(
                pods ->
                    pods.stream()
                        .filter(TestPod::isLive)
                        .filter(pod -> !isNamed(pod, namespace, replaced))
                        .flatMap(pod -> selectors.ofEach(pod).stream())
                        .toList()));
  }

  /** Who lacks the permission to list all pods sees those of some namespaces. */
  private static boolean wereListed(List<Pod> pods, String namespace, Set<String> instead) {
    Set<String> seen = pods.stream().map(pod -> pod.meta().namespace()).collect(Collectors.toSet());
    return seen.contains(namespace) || instead.contains(namespace) || !instead.containsAll(seen);
  }

  private static boolean isNamed(Pod pod, String namespace, Optional<String> name) {
    return pod.meta().namespace().equals(namespace) && name.equals(Optional.of(pod.meta().name()));
  }

  @Override
  public boolean test(Entry entry) {
    return selectors.isEmpty()
        || selectors.get().stream().anyMatch(seen -> mayMatch(entry.selectors(), seen));
  }

  /** Whether nothing that is seen of a container speaks against it. */
  private static boolean mayMatch(Set<Selector> wanted, Set<Selector> seen) {
    Set<String> subjects = seen.stream().map(Selector::subject).collect(Collectors.toSet());
    return wanted.stream().allMatch(s -> seen.contains(s) || !subjects.contains(s.subject()));
  }
}
