package org.spiredoctor.evidence.cluster;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.Pod;

/**
 * Reads the end of the logs that may say what is wrong: not more of them than a cluster, its API
 * server and this process can bear, whatever fails in the cluster.
 */
final class LogGathering {
  private static final int LOG_LINES = 400;
  private static final int LOG_BYTES = 256 * 1024;

  /** More agents' logs would not say more. */
  private static final int LOGGED_PODS = 20;

  /** Of one workload. */
  private static final int LOGGED_CONTAINERS = 4;

  /** All together, so that less than 40 MiB are held. */
  private static final int MOST_LOGS = 150;

  private final Set<LogOf> asked = new HashSet<>();
  private final KubeApi api;
  private final ParallelQueries<LogOf, String> logs;

  LogGathering(KubeApi api, ExecutorService threads) {
    this.api = api;
    this.logs = new ParallelQueries<>(threads);
  }

  /**
   * Of servers or agents, those that are not ready first, and among them and the others those on
   * the nodes of the pods in question.
   */
  void ask(Component component, ClusterEvidence view) {
    view.nearFirst(component).stream()
        .sorted(Comparator.comparing(Pod::ready))
        .limit(LOGGED_PODS)
        .forEach(pod -> ask(component, pod));
  }

  private void ask(Component component, Pod pod) {
    component.role().container(pod).ifPresent(c -> ask(pod, c));
    // What has not ended yet, or not well, keeps the program from starting.
    pod.containers(Container.Role.INIT)
        .filter(container -> !pod.ready() && !container.completedInit())
        .findFirst()
        .ifPresent(container -> ask(pod, container));
    if (component.role() == Component.Role.SERVER) {
      pod.containers(Container.Role.APP).filter(ControllerManager::runs).forEach(c -> ask(pod, c));
    }
  }

  /**
   * Of workloads only containers that failed, which may say why, and all of a pod that the user
   * named, which may complain while they run; and only of pods that the user named, or with the
   * user's word: logs are the business of the team whose pods they are. Of each owner the pod that
   * failed last, and of it the containers that did first.
   */
  void askWorkloads(ClusterEvidence view) {
    Set<String> own =
        view.installations().stream()
            .flatMap(Installation::components)
            .map(Component::namespace)
            .collect(Collectors.toSet());
    boolean named = view.query().named();
    boolean all = view.query().workloadLogs() || named;
    Predicate<Container> tells = named ? _ -> true : Workloads::mayTell;
    Map<String, Pod> ofOwners = new LinkedHashMap<>();
    Workloads.asked(view).stream()
        .filter(pod -> all || own.contains(pod.meta().namespace()))
        .filter(pod -> pod.containers().stream().anyMatch(tells))
        .sorted(Comparator.comparing(LogGathering::lastFailure).reversed())
        .forEach(pod -> ofOwners.putIfAbsent(owner(pod), pod));
    ofOwners.values().stream()
        .limit(LOGGED_PODS)
        .forEach(
            pod ->
                pod.containers().stream()
                    .filter(tells)
                    .sorted(
                        Comparator.comparing(Workloads::mayTell)
                            .thenComparing(LogGathering::lastEnd)
                            .reversed())
                    .limit(LOGGED_CONTAINERS)
                    .forEach(container -> ask(pod, container)));
  }

  private static String owner(Pod pod) {
    return pod.meta().owners().stream()
        .findFirst()
        .map(owner -> owner.kind() + " " + pod.meta().namespace() + "/" + owner.uid())
        .orElseGet(pod::inWords);
  }

  private static Instant lastFailure(Pod pod) {
    return pod.containers().stream()
        .filter(Workloads::mayTell)
        .map(LogGathering::lastEnd)
        .max(Comparator.naturalOrder())
        .orElse(Instant.EPOCH);
  }

  private static Instant lastEnd(Container container) {
    return container.status().stream()
        .flatMap(status -> Stream.of(Optional.of(status.state()), status.before()))
        .flatMap(Optional::stream)
        .flatMap(state -> state.ended().stream())
        .max(Comparator.naturalOrder())
        .orElse(Instant.EPOCH);
  }

  Map<LogOf, Observed<String>> answers() throws InterruptedException {
    return logs.answers();
  }

  private void ask(Pod pod, Container container) {
    Container.Status status = container.status().orElse(null);
    if (status == null) {
      return;
    }
    boolean waiting = status.state().phase() == Container.State.Phase.WAITING;
    if (status.before().isPresent()) {
      ask(pod, container, true);
    }
    if (!waiting || status.before().isEmpty()) {
      ask(pod, container, false);
    }
  }

  private void ask(Pod pod, Container container, boolean previous) {
    String namespace = pod.meta().namespace();
    String name = pod.meta().name();
    LogOf of = new LogOf(namespace, name, container.name(), previous);
    if (asked.size() < MOST_LOGS && asked.add(of)) {
      logs.ask(of, () -> read(of));
    }
  }

  private String read(LogOf of) throws KubeException {
    return api.log(of.namespace(), of.pod(), of.container(), of.previous(), LOG_LINES, LOG_BYTES);
  }
}
