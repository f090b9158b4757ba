package org.spiredoctor.evidence.cluster;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.Pod;

/** Reads the end of the logs that may say what is wrong. */
final class LogGathering {
  private static final int LOG_LINES = 400;
  private static final int LOG_BYTES = 256 * 1024;

  /** More agents' logs would not say more. */
  private static final int LOGGED_PODS = 20;

  private final KubeApi api;
  private final Questions<LogOf, String> logs;

  LogGathering(KubeApi api, ExecutorService threads) {
    this.api = api;
    this.logs = new Questions<>(threads);
  }

  /** Of servers or agents, those that are not well first. */
  void ask(Component component) {
    component.pods().stream()
        .sorted((a, b) -> Boolean.compare(a.ready(), b.ready()))
        .limit(LOGGED_PODS)
        .forEach(pod -> ask(component, pod));
  }

  private void ask(Component component, Pod pod) {
    component.role().container(pod).ifPresent(c -> ask(pod, c));
    if (component.role() == Component.Role.SERVER) {
      pod.containers(Container.Role.APP).filter(ControllerManager::runs).forEach(c -> ask(pod, c));
    }
  }

  /**
   * Of workloads only containers that failed, which may say why; and only of pods that the user
   * named, or with the user's word: logs are the business of the team whose pods they are.
   */
  void askFailed(ClusterEvidence view) {
    Set<String> own =
        view.installations().stream()
            .flatMap(Installation::components)
            .map(Component::namespace)
            .collect(Collectors.toSet());
    boolean all = view.wanted().workloadLogs() || view.wanted().pods() instanceof Wanted.Pods.Named;
    Workloads.asked(view).stream()
        .filter(pod -> all || own.contains(pod.meta().namespace()))
        .limit(LOGGED_PODS)
        .forEach(
            pod ->
                pod.containers().stream()
                    .filter(Workloads::mayTell)
                    .forEach(container -> ask(pod, container)));
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
    logs.ask(
        new LogOf(namespace, name, container.name(), previous),
        () -> api.log(namespace, name, container.name(), previous, LOG_LINES, LOG_BYTES));
  }
}
