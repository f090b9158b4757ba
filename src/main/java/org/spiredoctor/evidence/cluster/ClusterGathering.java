package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.kube.Access;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.spire.server.SpireServer;

/**
 * Gathers a snapshot: every kind is listed once, in parallel, then SPIRE's own pods are asked. What
 * fails is noted and keeps nothing else from being seen.
 */
public final class ClusterGathering {
  private static final String LISTING = "Listing pods, nodes, events and SPIRE's objects...";

  /** As often it is told how many pods were listed. */
  private static final int COUNTED = 500;

  private static final int MOST_COMPONENTS = 200;
  private static final int MOST_OF_NAMESPACE = 10;

  /** SPIRE's pods mount two or three. */
  private static final int MOST_CONFIG_MAPS = 10;

  /** More replicas of a server would not say more. */
  private static final int REPLICAS = 3;

  private final KubeApi api;
  private final ClusterQuery query;
  private final Optional<ServerByApi> server;
  private final Clock clock;
  private final Consumer<String> progress;
  private final Errands errands = new Errands();

  /** A server reads all its entries for it: not several replicas at a time. */
  private final Semaphore showing = new Semaphore(1);

  /**
   * @param server that is asked over its API; without one, those that are found are asked with
   *     their own program
   * @param progress is told what takes long
   */
  public ClusterGathering(
      KubeApi api,
      ClusterQuery query,
      Optional<ServerByApi> server,
      Clock clock,
      Consumer<String> progress) {
    this.api = api;
    this.query = query;
    this.server = server;
    this.clock = clock;
    this.progress = progress;
  }

  /** Ends the looking; what is not known by now is not seen. */
  public void stop() {
    errands.stop();
  }

  /** Looks at everything there is to see. */
  public ClusterEvidence gather() throws InterruptedException {
    return gather(Scope.EVERYTHING);
  }

  /** Looks at so much. */
  public ClusterEvidence gather(Scope scope) throws InterruptedException {
    try (ExecutorService threads = errands.threads()) {
      progress.accept(LISTING);
      Map<Name, Future<ServerAnswers>> servers = new LinkedHashMap<>();
      server.ifPresent(api -> servers.put(api.name(), threads.submit(() -> ask(threads, api))));
      ObjectGathering.Listed listed =
          new ObjectGathering(api, query, scope, threads, this::count).list();
      Snapshot first =
          new Snapshot(
              clock.instant(),
              reached(listed.objects()),
              listed.objects(),
              listed.podNamespaces(),
              Map.of(),
              Map.of(),
              Map.of(),
              Map.of());
      ClusterEvidence seen = ClusterEvidence.of(first, query);
      List<Component> all = components(seen);
      if (!all.isEmpty()) {
        progress.accept("Asking SPIRE's servers and agents...");
      }
      ParallelQueries<Name, JsonNode> configMaps = new ParallelQueries<>(threads);
      ParallelQueries<Access, Boolean> access = new ParallelQueries<>(threads);
      all.forEach(component -> configMaps(component, configMaps));
      all.stream().flatMap(Rights::marks).forEach(right -> ask(right, access));
      Map<Name, Observed<JsonNode>> settings = configMaps.answers();
      // What is SPIRE, and not only called so, is known by now; nothing else is entered.
      ClusterEvidence known = seen.with(configured(first, settings, access.answers()));
      LogGathering logs = new LogGathering(api, threads);
      if (servers.isEmpty()) {
        known.servers().forEach(server -> ask(threads, server, servers, scope));
      }
      if (scope.explains()) {
        known.installations().forEach(one -> one.components().forEach(its -> logs.ask(its, known)));
        logs.askWorkloads(known);
        addresses(known, configMaps);
        known.installations().stream()
            .flatMap(Installation::components)
            .flatMap(Rights::of)
            .forEach(right -> ask(right, access));
      }
      return seen.with(
          new Snapshot(
              clock.instant(),
              first.cluster(),
              first.objects(),
              first.podNamespaces(),
              configMaps.answers(),
              logs.answers(),
              joined(servers),
              access.answers()));
    }
  }

  private void count(int pods) {
    if (pods % COUNTED == 0) {
      progress.accept(LISTING + " %,d pods".formatted(pods));
    }
  }

  /** Which pods use agents' sockets, and what rights are needed, is a matter of the settings. */
  private static Snapshot configured(
      Snapshot first,
      Map<Name, Observed<JsonNode>> settings,
      Map<Access, Observed<Boolean>> access) {
    return new Snapshot(
        first.at(),
        first.cluster(),
        first.objects(),
        first.podNamespaces(),
        settings,
        Map.of(),
        Map.of(),
        access);
  }

  private void ask(Access right, ParallelQueries<Access, Boolean> into) {
    into.ask(right, () -> api.may(right));
  }

  /**
   * All that may be SPIRE, what runs first; of each namespace only so many, so that nobody keeps
   * others from being asked about.
   */
  static List<Component> components(ClusterEvidence view) {
    Map<String, Integer> counts = new HashMap<>();
    return Stream.of(view.installations(), view.leftOut(), view.lookAlikes())
        .flatMap(List::stream)
        .flatMap(Installation::components)
        .sorted(Comparator.comparing(one -> one.pods().isEmpty()))
        .filter(one -> counts.merge(one.namespace(), 1, Integer::sum) <= MOST_OF_NAMESPACE)
        .limit(MOST_COMPONENTS)
        .toList();
  }

  /** Whether the API server could be reached at all. */
  private Observed<String> reached(Map<Kind, Observed<List<JsonNode>>> objects) {
    if (objects.get(Kind.POD) instanceof Unseen<List<JsonNode>> pods) {
      boolean answered = objects.values().stream().anyMatch(ClusterGathering::isAnswered);
      if (pods.reason() == Reason.FAILED || !answered) {
        return new Unseen<>(pods.reason(), api.server(), pods.why());
      }
    }
    return new Seen<>(api.server());
  }

  /** A refusal is an answer too. */
  private static boolean isAnswered(Observed<?> observed) {
    return switch (observed) {
      case Seen<?> _ -> true;
      case Unseen<?> unseen ->
          switch (unseen.reason()) {
            case FORBIDDEN, ABSENT -> true;
            case FAILED, NOT_ASKED -> false;
          };
    };
  }

  private void configMaps(Component component, ParallelQueries<Name, JsonNode> into) {
    String namespace = component.namespace();
    component.specimen().stream()
        .flatMap(pod -> Discovery.configMaps(pod).stream())
        .limit(MOST_CONFIG_MAPS)
        .forEach(
            name ->
                into.ask(
                    new Name(namespace, name),
                    () ->
                        SpireSettings.kept(
                            api.get(Kind.CONFIG_MAP, Optional.of(namespace), name))));
  }

  /** What SPIRE's own parts mount is asked for already. */
  private void addresses(ClusterEvidence known, ParallelQueries<Name, JsonNode> into) {
    AddressFiles.toRead(known)
        .forEach(
            of ->
                into.ask(
                    of,
                    () ->
                        AddressFiles.kept(
                            api.get(Kind.CONFIG_MAP, Optional.of(of.namespace()), of.name()))));
  }

  /** A server, in each of its pods that is ready, as replicas may differ; else in one that runs. */
  private void ask(
      ExecutorService threads,
      Component server,
      Map<Name, Future<ServerAnswers>> into,
      Scope scope) {
    List<Pod> running = server.pods().stream().filter(pod -> running(server, pod)).toList();
    List<Pod> ready = running.stream().filter(Pod::ready).limit(REPLICAS).toList();
    (ready.isEmpty() ? running.stream().limit(1) : ready.stream())
        .forEach(
            pod ->
                into.put(
                    new Name(pod.meta().namespace(), pod.meta().name()),
                    threads.submit(() -> ask(threads, server, pod, scope))));
  }

  private static boolean running(Component component, Pod pod) {
    return component
        .role()
        .container(pod)
        .flatMap(Container::status)
        .filter(status -> status.state().phase() == Container.State.Phase.RUNNING)
        .isPresent();
  }

  private ServerAnswers ask(ExecutorService threads, Component server, Pod pod, Scope scope) {
    Optional<String> refusal =
        !query.exec()
            ? Optional.of("--no-exec was given")
            : server.isCorroborated() ? Optional.empty() : Optional.of(untrusted(server));
    ServerRoute route = ServerRoute.exec(new Name(pod.meta().namespace(), pod.meta().name()));
    if (refusal.isPresent()) {
      return ServerAnswers.none(
          route, new Unseen<>(Reason.NOT_ASKED, "run spire-server in its pod", refusal.get()));
    }
    try {
      // Nothing is sent.
      SpireServer cli = ServerPod.server(api, ServerProgram.of(server, pod), false, progress);
      return new ServerByExec(cli, route, scope, showing).ask(threads);
    } catch (InterruptedException e) {
      return interrupted(route);
    }
  }

  private ServerAnswers ask(ExecutorService threads, ServerByApi api) {
    try {
      return api.ask(threads);
    } catch (InterruptedException e) {
      return interrupted(api.route());
    }
  }

  private static ServerAnswers interrupted(ServerRoute route) {
    return ServerAnswers.none(
        route, new Unseen<>(Reason.NOT_ASKED, "ask the SPIRE server", "interrupted"));
  }

  private static String untrusted(Component server) {
    return "nothing shows that "
        + server.inWords()
        + " is a SPIRE server, and others look like one: name its namespace with"
        + " --spire-namespace if it is";
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
