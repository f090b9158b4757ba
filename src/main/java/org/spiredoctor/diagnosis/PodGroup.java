package org.spiredoctor.diagnosis;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.spiredoctor.kube.Pod;

/**
 * Pods of one owner, of one template and of one SPIRE that have the same fault: they are reported
 * once.
 *
 * @param pods at least one
 * @param scope how far reaches what is found of them
 */
public record PodGroup(List<Pod> pods, Scope scope) {

  /** Pods of one owner and of one SPIRE. */
  public PodGroup(ClusterCase cluster, List<Pod> pods) {
    this(pods, cluster.scope(pods));
  }

  /** The examined pods that a rule is concerned with, judged group by group. */
  public static List<Outcome> examine(
      ClusterCase cluster, Predicate<Pod> concerns, Function<PodGroup, Optional<Outcome>> judge) {
    return examine(cluster, concerns, _ -> "", judge);
  }

  private static List<Outcome> examine(
      ClusterCase cluster,
      Predicate<Pod> concerns,
      Function<Pod, String> kind,
      Function<PodGroup, Optional<Outcome>> judge) {
    return Outcome.ifSeen(
        cluster.evidence().pods(),
        _ ->
            of(cluster, cluster.examined().stream().filter(concerns).toList(), kind).stream()
                .flatMap(group -> judge.apply(group).stream())
                .toList());
  }

  /**
   * The same where pods of one owner may differ, by their nodes or states for instance: each is
   * judged by itself, and those of which the same is said are one group.
   */
  public static List<Outcome> examineEach(
      ClusterCase cluster, Predicate<Pod> concerns, Function<PodGroup, Optional<Outcome>> judge) {
    IdentityHashMap<Pod, String> said = new IdentityHashMap<>();
    return examine(
        cluster,
        pod -> {
          Optional<Outcome> outcome =
              concerns.test(pod)
                  ? judge.apply(new PodGroup(cluster, List.of(pod)))
                  : Optional.empty();
          outcome.ifPresent(one -> said.put(pod, said(one)));
          return outcome.isPresent();
        },
        pod -> said.getOrDefault(pod, ""),
        judge);
  }

  private static String said(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Found(Finding finding) ->
          finding.severity()
              + " "
              + finding.confidence()
              + " "
              + finding.summary()
              + finding.reason()
              + finding.remedies().stream().map(Remedy::summary).toList();
      case Outcome.Unknown(String missing) -> missing;
      case Outcome.Passed _, Outcome.NotApplicable _ -> "";
    };
  }

  /** By their owner, and by the SPIRE that they get their identity from. */
  public static List<PodGroup> of(ClusterCase cluster, List<Pod> pods) {
    return of(cluster, pods, _ -> "");
  }

  private static List<PodGroup> of(
      ClusterCase cluster, List<Pod> pods, Function<Pod, String> kind) {
    Map<Alike, List<Pod>> groups =
        pods.stream()
            .collect(
                Collectors.groupingBy(
                    pod -> new Alike(cluster.made(pod), cluster.home(pod), kind.apply(pod)),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return groups.values().stream().map(alike -> new PodGroup(cluster, alike)).toList();
  }

  private record Alike(int made, Optional<InstallationCase> home, String kind) {}

  /** The one that stands for all. */
  public Pod first() {
    return pods.getFirst();
  }

  /** Begins an error about these pods. */
  public Finding.Builder error(Rule rule) {
    return begin(Finding.error(rule, Subject.of(first()), scope));
  }

  /** Begins a warning about these pods. */
  public Finding.Builder warning(Rule rule) {
    return begin(Finding.warning(rule, Subject.of(first()), scope));
  }

  private Finding.Builder begin(Finding.Builder finding) {
    if (pods.size() > 1) {
      finding.seen(
          "Kubernetes",
          first().meta().name()
              + " and "
              + (pods.size() - 1)
              + (pods.size() == 2 ? " more pod" : " more pods")
              + " of the same owner: "
              + pods.stream()
                  .skip(1)
                  .limit(3)
                  .map(pod -> pod.meta().name())
                  .collect(Collectors.joining(", "))
              + (pods.size() > 4 ? ", …" : ""));
    }
    return finding;
  }
}
