package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.Pod;

/**
 * Gathers a snapshot: every kind is listed once, in parallel, then SPIRE's own pods are asked. What
 * fails is noted and keeps nothing else from being seen.
 */
public final class ClusterGathering {
  private static final int LOG_LINES = 400;
  private static final int LOG_BYTES = 256 * 1024;

  /** More agents' logs would not say more. */
  private static final int LOGGED_AGENTS = 20;

  /** Read by name, and only those that SPIRE mounts. */
  private static final List<Kind> BY_NAME = List.of(Kind.CONFIG_MAP);

  private final KubeApi api;
  private final Wanted wanted;
  private final Clock clock;
  private final Consumer<String> progress;

  public ClusterGathering(KubeApi api, Wanted wanted, Clock clock, Consumer<String> progress) {
    this.api = api;
    this.wanted = wanted;
    this.clock = clock;
    this.progress = progress;
  }

  /** Looks at everything there is to see. */
  public Snapshot gather() throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      progress.accept("Listing pods, nodes, events and SPIRE's objects...");
      Map<Kind, Observed<List<JsonNode>>> objects = list(threads);
      Snapshot first =
          new Snapshot(clock.instant(), reached(objects), objects, Map.of(), Map.of(), Map.of());
      ClusterEvidence view = ClusterEvidence.of(first, wanted);
      Map<Name, Future<Observed<JsonNode>>> configMaps = new LinkedHashMap<>();
      Map<LogOf, Future<Observed<String>>> logs = new LinkedHashMap<>();
      Map<Name, Future<ServerAnswers>> servers = new LinkedHashMap<>();
      if (!view.servers().isEmpty() || !view.agents().isEmpty()) {
        progress.accept("Asking SPIRE's servers and agents...");
      }
      List<Component> components = new ArrayList<>(view.servers());
      components.addAll(view.agents());
      for (Component component : components) {
        component.specimen().ifPresent(pod -> configMaps(threads, component, pod, configMaps));
        component.pods().stream()
            // Those that are not well first.
            .sorted((a, b) -> Boolean.compare(a.ready(), b.ready()))
            .limit(LOGGED_AGENTS)
            .forEach(pod -> logs(threads, component, pod, logs));
      }
      for (Component server : view.servers()) {
        server.pods().stream()
            .filter(pod -> running(server, pod))
            .findFirst()
            .ifPresent(
                pod ->
                    servers.put(
                        new Name(pod.meta().namespace(), pod.meta().name()),
                        threads.submit(() -> ask(server, pod))));
      }
      workloadLogs(threads, view, logs);
      return new Snapshot(
          clock.instant(),
          first.cluster(),
          objects,
          joined(configMaps),
          joined(logs),
          joined(servers));
    }
  }

  private Map<Kind, Observed<List<JsonNode>>> list(ExecutorService threads)
      throws InterruptedException {
    Map<Kind, Future<Observed<List<JsonNode>>>> asked = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      if (!BY_NAME.contains(kind)) {
        asked.put(kind, threads.submit(() -> observe(() -> api.list(kind, Optional.empty()))));
      }
    }
    Map<Kind, Observed<List<JsonNode>>> listed = new EnumMap<>(Kind.class);
    listed.putAll(joined(asked));
    return listed;
  }

  /** Whether the API server could be reached at all. */
  private Observed<String> reached(Map<Kind, Observed<List<JsonNode>>> objects) {
    Observed<List<JsonNode>> pods = objects.get(Kind.POD);
    return pods instanceof Unseen<List<JsonNode>> unseen && unseen.reason() == Reason.FAILED
        ? new Unseen<>(Reason.FAILED, api.server(), unseen.why())
        : new Seen<>(api.server());
  }

  private static boolean running(Component component, Pod pod) {
    return component
        .role()
        .container(pod)
        .flatMap(Container::status)
        .filter(status -> status.state().phase() == Container.State.Phase.RUNNING)
        .isPresent();
  }

  private void configMaps(
      ExecutorService threads,
      Component component,
      Pod pod,
      Map<Name, Future<Observed<JsonNode>>> into) {
    for (String name : Discovery.configMaps(pod)) {
      String namespace = component.namespace();
      into.computeIfAbsent(
          new Name(namespace, name),
          _ ->
              threads.submit(
                  () -> observe(() -> api.get(Kind.CONFIG_MAP, Optional.of(namespace), name))));
    }
  }

  private void logs(
      ExecutorService threads,
      Component component,
      Pod pod,
      Map<LogOf, Future<Observed<String>>> into) {
    component.role().container(pod).ifPresent(c -> log(threads, pod, c, into));
    if (component.role() == Component.Role.SERVER) {
      pod.containers(Container.Role.APP)
          .filter(ControllerManager::runs)
          .forEach(c -> log(threads, pod, c, into));
    }
  }

  private void log(
      ExecutorService threads,
      Pod pod,
      Container container,
      Map<LogOf, Future<Observed<String>>> into) {
    Container.Status status = container.status().orElse(null);
    if (status == null) {
      return;
    }
    boolean waiting = status.state().phase() == Container.State.Phase.WAITING;
    if (status.before().isPresent()) {
      log(threads, pod, container, true, into);
    }
    if (!waiting || status.before().isEmpty()) {
      log(threads, pod, container, false, into);
    }
  }

  private void log(
      ExecutorService threads,
      Pod pod,
      Container container,
      boolean previous,
      Map<LogOf, Future<Observed<String>>> into) {
    String namespace = pod.meta().namespace();
    String name = pod.meta().name();
    into.put(
        new LogOf(namespace, name, container.name(), previous),
        threads.submit(
            () ->
                observe(
                    () ->
                        api.log(
                            namespace, name, container.name(), previous, LOG_LINES, LOG_BYTES))));
  }

  /** Of workloads only containers that failed, which may say why. */
  private void workloadLogs(
      ExecutorService threads, ClusterEvidence view, Map<LogOf, Future<Observed<String>>> into) {
    Workloads.asked(view).stream()
        .limit(LOGGED_AGENTS)
        .forEach(
            pod ->
                pod.containers().stream()
                    .filter(Workloads::mayTell)
                    .forEach(container -> log(threads, pod, container, into)));
  }

  private ServerAnswers ask(Component server, Pod pod) {
    if (!wanted.exec()) {
      Unseen<String> refused =
          new Unseen<>(Reason.NOT_ASKED, "run spire-server in its pod", "--no-exec was given");
      return new ServerAnswers(refused, refused.as(), refused.as());
    }
    ServerCli cli = new ServerCli(api, server, pod);
    return new ServerAnswers(observe(cli::health), observe(cli::agents), observe(cli::entries));
  }

  /** A question that may fail. */
  interface Question<T> {
    T ask() throws KubeException, IOException;
  }

  private static <T> Observed<T> observe(Question<T> question) {
    try {
      return new Seen<>(question.ask());
    } catch (KubeException e) {
      Reason reason =
          switch (e.reason()) {
            case FORBIDDEN -> Reason.FORBIDDEN;
            case NOT_FOUND -> Reason.ABSENT;
            case UNREACHABLE, UNAUTHENTICATED, TIMED_OUT, OTHER -> Reason.FAILED;
          };
      return new Unseen<>(reason, e.asked(), e.answer());
    } catch (IOException e) {
      return new Unseen<>(Reason.FAILED, "read the answer", String.valueOf(e.getMessage()));
    }
  }

  private static <K, T> Map<K, T> joined(Map<K, Future<T>> asked) throws InterruptedException {
    Map<K, T> joined = new LinkedHashMap<>();
    for (Map.Entry<K, Future<T>> one : asked.entrySet()) {
      try {
        joined.put(one.getKey(), one.getValue().get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("gathering " + one.getKey(), e.getCause());
      }
    }
    return joined;
  }
}
