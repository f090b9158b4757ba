package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.kube.Access;
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
  /** Config maps are read by name, and only those that SPIRE mounts. */
  private static final List<Kind> LATER = List.of(Kind.CONFIG_MAP);

  private final KubeApi api;
  private final Wanted wanted;
  private final Optional<ServerByApi> server;
  private final Clock clock;
  private final Consumer<String> progress;

  /**
   * @param server that is asked over its API; without one, those that are found are asked with
   *     their own program
   * @param progress is told what takes long
   */
  public ClusterGathering(
      KubeApi api,
      Wanted wanted,
      Optional<ServerByApi> server,
      Clock clock,
      Consumer<String> progress) {
    this.api = api;
    this.wanted = wanted;
    this.server = server;
    this.clock = clock;
    this.progress = progress;
  }

  /** Looks at everything there is to see. */
  public Snapshot gather() throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      progress.accept("Listing pods, nodes, events and SPIRE's objects...");
      Map<Name, Future<ServerAnswers>> servers = new LinkedHashMap<>();
      server.ifPresent(api -> servers.put(api.name(), threads.submit(() -> api.ask(threads))));
      Map<Kind, Observed<List<JsonNode>>> objects = list(threads);
      Snapshot first =
          new Snapshot(
              clock.instant(), reached(objects), objects, Map.of(), Map.of(), Map.of(), Map.of());
      ClusterEvidence view = ClusterEvidence.of(first, wanted);
      if (!view.servers().isEmpty() || !view.agents().isEmpty()) {
        progress.accept("Asking SPIRE's servers and agents...");
      }
      Questions<Name, JsonNode> configMaps = new Questions<>(threads);
      LogGathering logs = new LogGathering(api, threads);
      for (Installation installation : view.installations()) {
        installation.components().forEach(component -> configMaps(component, configMaps));
        installation.components().forEach(logs::ask);
      }
      if (servers.isEmpty()) {
        view.servers().forEach(server -> ask(threads, server, configMaps, servers));
      }
      Map<Name, Observed<JsonNode>> settings = configMaps.answers();
      ClusterEvidence known = configured(first, settings);
      logs.askFailed(known);
      Questions<Access, Boolean> access = new Questions<>(threads);
      known.installations().stream()
          .flatMap(Installation::components)
          .flatMap(Rights::of)
          .forEach(right -> access.ask(right, () -> api.may(right)));
      return new Snapshot(
          clock.instant(),
          first.cluster(),
          objects,
          settings,
          logs.answers(),
          joined(servers),
          access.answers());
    }
  }

  private Map<Kind, Observed<List<JsonNode>>> list(ExecutorService threads)
      throws InterruptedException {
    Questions<Kind, List<JsonNode>> listings = new Questions<>(threads);
    for (Kind kind : Kind.values()) {
      if (!LATER.contains(kind)) {
        listings.ask(kind, () -> list(kind));
      }
    }
    Map<Kind, Observed<List<JsonNode>>> listed = new EnumMap<>(Kind.class);
    listed.putAll(listings.answers());
    return listed;
  }

  /** Whoever asks for one namespace need not be allowed to see all. */
  private List<JsonNode> list(Kind kind) throws KubeException {
    try {
      return api.list(kind, Optional.empty());
    } catch (KubeException e) {
      if (e.reason() != KubeException.Reason.FORBIDDEN
          || !kind.namespaced()
          || wanted.namespaces().isEmpty()) {
        throw e;
      }
      List<JsonNode> all = new ArrayList<>();
      for (String namespace : wanted.namespaces()) {
        all.addAll(api.list(kind, Optional.of(namespace)));
      }
      return all;
    }
  }

  /** Which pods use agents' sockets, and what rights are needed, is a matter of the settings. */
  private ClusterEvidence configured(Snapshot first, Map<Name, Observed<JsonNode>> settings) {
    return ClusterEvidence.of(
        new Snapshot(
            first.at(), first.cluster(), first.objects(), settings, Map.of(), Map.of(), Map.of()),
        wanted);
  }

  /** Whether the API server could be reached at all. */
  private Observed<String> reached(Map<Kind, Observed<List<JsonNode>>> objects) {
    Observed<List<JsonNode>> pods = objects.get(Kind.POD);
    return pods instanceof Unseen<List<JsonNode>> unseen && unseen.reason() == Reason.FAILED
        ? new Unseen<>(Reason.FAILED, api.server(), unseen.why())
        : new Seen<>(api.server());
  }

  private void configMaps(Component component, Questions<Name, JsonNode> into) {
    String namespace = component.namespace();
    component.specimen().stream()
        .flatMap(pod -> Discovery.configMaps(pod).stream())
        .forEach(
            name ->
                into.ask(
                    new Name(namespace, name),
                    () ->
                        SpireSettings.kept(
                            api.get(Kind.CONFIG_MAP, Optional.of(namespace), name))));
  }

  /** A server, in one of its pods. */
  private void ask(
      ExecutorService threads,
      Component server,
      Questions<Name, JsonNode> configMaps,
      Map<Name, Future<ServerAnswers>> into) {
    server.pods().stream()
        .filter(pod -> running(server, pod))
        .findFirst()
        .ifPresent(
            pod ->
                into.put(
                    new Name(pod.meta().namespace(), pod.meta().name()),
                    threads.submit(() -> ask(threads, server, pod, configMaps))));
  }

  private static boolean running(Component component, Pod pod) {
    return component
        .role()
        .container(pod)
        .flatMap(Container::status)
        .filter(status -> status.state().phase() == Container.State.Phase.RUNNING)
        .isPresent();
  }

  private ServerAnswers ask(
      ExecutorService threads, Component server, Pod pod, Questions<Name, JsonNode> configMaps)
      throws InterruptedException {
    if (!wanted.exec()) {
      return ServerAnswers.none(
          ServerRoute.exec(new Name(pod.meta().namespace(), pod.meta().name())),
          new Unseen<>(Reason.NOT_ASKED, "run spire-server in its pod", "--no-exec was given"));
    }
    // Where its socket is stands in its configuration.
    Map<String, JsonNode> data = new LinkedHashMap<>();
    for (String name : server.specimen().map(Discovery::configMaps).orElse(List.of())) {
      configMaps
          .answer(new Name(server.namespace(), name))
          .seen()
          .ifPresent(map -> data.put(name, map));
    }
    ServerCli cli = new ServerCli(api, ServerProgram.of(Discovery.configured(server, data), pod));
    return new ServerByExec(cli).ask(threads);
  }

  static <T> T joined(Future<T> asked) throws InterruptedException {
    try {
      return asked.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("gathering", e.getCause());
    }
  }

  private static <K, T> Map<K, T> joined(Map<K, Future<T>> asked) throws InterruptedException {
    Map<K, T> joined = new LinkedHashMap<>();
    for (Map.Entry<K, Future<T>> one : asked.entrySet()) {
      joined.put(one.getKey(), joined(one.getValue()));
    }
    return joined;
  }
}
