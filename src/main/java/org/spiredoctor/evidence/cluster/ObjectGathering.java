package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.function.IntConsumer;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.ObjectList;

/**
 * Lists the objects of a cluster, each kind once, in parallel. Of a large one, where pods of one
 * namespace are asked about, it lists no pods and events that do not matter to these.
 */
final class ObjectGathering {
  /** Config maps are read by name, and only those that SPIRE mounts. */
  private static final Set<Kind> LATER = Set.of(Kind.CONFIG_MAP);

  /** What tells where SPIRE is before its pods are seen. */
  private static final List<Kind> OWNERS =
      List.of(Kind.STATEFUL_SET, Kind.DEPLOYMENT, Kind.DAEMON_SET);

  /** Where Kubernetes tells of nodes. */
  private static final String EVENTS_OF_NODES = "default";

  private final KubeApi api;
  private final ClusterQuery query;
  private final Scope scope;
  private final ExecutorService threads;
  private final IntConsumer pods;
  private final ParallelQueries<Kind, List<JsonNode>> queries;

  /** The namespaces whose pods are listed, if not all are. */
  private volatile Optional<Set<String>> podNamespaces = Optional.empty();

  /**
   * @param pods is told how many were read so far
   */
  ObjectGathering(
      KubeApi api, ClusterQuery query, Scope scope, ExecutorService threads, IntConsumer pods) {
    this.api = api;
    this.query = query;
    this.scope = scope;
    this.threads = threads;
    this.pods = pods;
    this.queries = new ParallelQueries<>(threads);
  }

  /**
   * What was listed.
   *
   * @param podNamespaces the namespaces whose pods were listed; empty where those of all were
   */
  record Listed(Map<Kind, Observed<List<JsonNode>>> objects, Optional<Set<String>> podNamespaces) {}

  Listed list() throws InterruptedException {
    boolean sparing = query.sparing() && query.pods().namespace().isPresent();
    // What takes longest is asked for first.
    ParallelQueries<Kind, Boolean> many = new ParallelQueries<>(threads);
    if (sparing) {
      many.ask(Kind.POD, () -> api.hasMany(Kind.POD));
    } else {
      queries.ask(Kind.POD, () -> list(Kind.POD));
    }
    for (Kind kind : Kind.values()) {
      boolean waits = kind == Kind.POD || (sparing && kind == Kind.EVENT);
      if (!LATER.contains(kind) && !waits && scope.lists(kind)) {
        queries.ask(kind, () -> list(kind));
      }
    }
    if (sparing) {
      Optional<Set<String>> some =
          many.answer(Kind.POD).seen().orElse(false) ? spireNamespaces() : Optional.empty();
      queries.ask(Kind.POD, () -> some.isPresent() ? pods(some.get()) : list(Kind.POD));
      if (scope.lists(Kind.EVENT)) {
        queries.ask(Kind.EVENT, () -> some.isPresent() ? events(some.get()) : list(Kind.EVENT));
      }
    }
    Map<Kind, Observed<List<JsonNode>>> listed = new EnumMap<>(Kind.class);
    listed.putAll(queries.answers());
    return new Listed(listed, podNamespaces);
  }

  /** The namespaces of SPIRE's parts, where what makes its server and agents is seen. */
  private Optional<Set<String>> spireNamespaces() throws InterruptedException {
    Map<Kind, Observed<List<JsonNode>>> owners = new EnumMap<>(Kind.class);
    for (Kind kind : OWNERS) {
      owners.put(kind, queries.answer(kind));
    }
    return SpireNamespaces.of(owners, query.spireNamespace());
  }

  private List<JsonNode> pods(Set<String> spire) throws KubeException {
    Set<String> whole = new TreeSet<>(spire);
    List<JsonNode> listed = new ArrayList<>();
    String asked = query.pods().namespace().orElseThrow();
    if (!spire.contains(asked)) {
      named(asked).ifPresentOrElse(listed::add, () -> whole.add(asked));
    }
    for (String namespace : whole) {
      listed.addAll(api.listing(Kind.POD, Optional.of(namespace)).all(pods));
    }
    podNamespaces = Optional.of(whole);
    return ObjectList.of(listed);
  }

  /** The pod that the user named, if it is there. */
  private Optional<JsonNode> named(String namespace) throws KubeException {
    if (!(query.pods() instanceof ClusterQuery.Pods.Named pod)) {
      return Optional.empty();
    }
    try {
      return Optional.of(api.get(Kind.POD, Optional.of(namespace), pod.name()));
    } catch (KubeException e) {
      if (e.reason() == KubeException.Reason.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private List<JsonNode> events(Set<String> spire) throws KubeException {
    Set<String> namespaces = new TreeSet<>(spire);
    namespaces.add(query.pods().namespace().orElseThrow());
    namespaces.add(EVENTS_OF_NODES);
    return list(Kind.EVENT, namespaces);
  }

  /** Whoever asks for one namespace need not be allowed to see all. */
  private List<JsonNode> list(Kind kind) throws KubeException {
    try {
      return api.listing(kind, Optional.empty()).all(kind == Kind.POD ? pods : _ -> {});
    } catch (KubeException e) {
      if (e.reason() != KubeException.Reason.FORBIDDEN
          || !kind.namespaced()
          || query.namespaces().isEmpty()) {
        throw e;
      }
      if (kind == Kind.POD) {
        podNamespaces = Optional.of(query.namespaces());
      }
      return list(kind, query.namespaces());
    }
  }

  private List<JsonNode> list(Kind kind, Set<String> namespaces) throws KubeException {
    List<JsonNode> all = new ArrayList<>();
    for (String namespace : namespaces) {
      all.addAll(api.list(kind, Optional.of(namespace)));
    }
    return ObjectList.of(all);
  }
}
