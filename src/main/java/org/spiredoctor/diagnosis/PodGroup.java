package org.spiredoctor.diagnosis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.spiredoctor.evidence.cluster.Discovery;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.Pod;

/**
 * Pods that one maker made and that have the same fault: they are told of once.
 *
 * @param pods at least one
 */
public record PodGroup(List<Pod> pods) {

  /** The examined pods that a rule is concerned with, judged group by group. */
  public static List<Outcome> examine(
      ClusterCase cluster, Predicate<Pod> concerns, Function<PodGroup, Optional<Outcome>> judge) {
    Optional<String> missing = cluster.evidence().pods().missing();
    if (missing.isPresent()) {
      return List.of(new Outcome.Unknown(missing.get()));
    }
    List<Outcome> outcomes =
        of(examined(cluster).stream().filter(concerns).toList()).stream()
            .flatMap(group -> judge.apply(group).stream())
            .toList();
    return outcomes.isEmpty() ? List.of(new Outcome.Passed()) : outcomes;
  }

  /** The examined pods that may still want an identity, and are no part of SPIRE. */
  public static List<Pod> examined(ClusterCase cluster) {
    return cluster.pods().stream()
        .filter(pod -> !pod.meta().deleting() && !pod.phase().equals("Succeeded"))
        .filter(pod -> !Discovery.isSpire(pod))
        .toList();
  }

  /** By what made them. */
  public static List<PodGroup> of(List<Pod> pods) {
    Map<String, List<Pod>> groups =
        pods.stream()
            .collect(
                Collectors.groupingBy(PodGroup::maker, LinkedHashMap::new, Collectors.toList()));
    return groups.values().stream().map(PodGroup::new).toList();
  }

  private static String maker(Pod pod) {
    return pod.meta().owners().stream()
        .findFirst()
        .map(Meta.Owner::uid)
        .orElse(pod.meta().namespace() + "/" + pod.meta().name());
  }

  /** The one that stands for all. */
  public Pod first() {
    return pods.getFirst();
  }

  /** What is said of it reaches these pods, and the node if they share one. */
  public Scope scope() {
    Set<String> nodes = pods.stream().map(Pod::node).collect(Collectors.toSet());
    return new Scope(
        nodes.size() == 1 ? nodes.stream().filter(n -> !n.isEmpty()).findFirst() : Optional.empty(),
        pods.stream().map(Pod::inWords).collect(Collectors.toSet()));
  }

  /** Begins an error about these pods. */
  public Finding.Builder error(Rule rule) {
    return begin(Finding.error(rule, Subject.of(first())));
  }

  /** Begins a warning about these pods. */
  public Finding.Builder warning(Rule rule) {
    return begin(Finding.warning(rule, Subject.of(first())));
  }

  private Finding.Builder begin(Finding.Builder finding) {
    finding.scope(scope());
    if (pods.size() > 1) {
      finding.seen(
          "Kubernetes",
          (pods.size() - 1)
              + " more of the same maker: "
              + pods.stream()
                  .skip(1)
                  .limit(3)
                  .map(pod -> pod.meta().name())
                  .collect(Collectors.joining(", ")));
    }
    return finding;
  }
}
