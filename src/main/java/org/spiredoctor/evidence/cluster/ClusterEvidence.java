package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Json;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Node;
import org.spiredoctor.kube.Owner;
import org.spiredoctor.kube.Pod;

/** What was seen of a cluster, as rules need it: a view of a snapshot, made once. */
public final class ClusterEvidence {
  private final Snapshot snapshot;
  private final Wanted wanted;
  private final Observed<List<Pod>> pods;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final List<Event> events;
  private final List<Component> servers;
  private final List<Component> agents;
  private final Map<Name, Log> logs = new HashMap<>();

  private ClusterEvidence(Snapshot snapshot, Wanted wanted) {
    this.snapshot = snapshot;
    this.wanted = wanted;
    this.pods = objects(Kind.POD, Pod::of);
    objects(Kind.NODE, Node::of)
        .seen()
        .orElse(List.of())
        .forEach(n -> nodes.put(n.meta().name(), n));
    this.events = objects(Kind.EVENT, Event::of).seen().orElse(List.of());
    Discovery discovery = new Discovery(pods.seen().orElse(List.of()), owners(), this::configMap);
    this.servers = inSpireNamespace(discovery.find(Component.Role.SERVER));
    this.agents = inSpireNamespace(discovery.find(Component.Role.AGENT));
  }

  /** The view of a snapshot. */
  public static ClusterEvidence of(Snapshot snapshot, Wanted wanted) {
    return new ClusterEvidence(snapshot, wanted);
  }

  private <T> Observed<List<T>> objects(Kind kind, Function<JsonNode, T> read) {
    return snapshot.objects(kind).map(list -> list.stream().map(read).toList());
  }

  /** What makes pods: daemon sets, stateful sets, deployments; none when they may not be seen. */
  public List<Owner> owners() {
    List<Owner> owners = new ArrayList<>();
    Map.of(
            "DaemonSet", Kind.DAEMON_SET,
            "StatefulSet", Kind.STATEFUL_SET,
            "Deployment", Kind.DEPLOYMENT)
        .forEach(
            (name, kind) ->
                objects(kind, json -> Owner.of(name, json)).seen().ifPresent(owners::addAll));
    return owners;
  }

  private Optional<Map<String, String>> configMap(String namespace, String name) {
    Observed<JsonNode> map = snapshot.configMaps().get(new Name(namespace, name));
    return map == null ? Optional.empty() : map.seen().map(json -> Json.strings(json.path("data")));
  }

  private List<Component> inSpireNamespace(List<Component> found) {
    List<Component> there =
        found.stream()
            .filter(c -> wanted.spireNamespace().filter(ns -> !ns.equals(c.namespace())).isEmpty())
            .toList();
    return List.copyOf(there);
  }

  /** When it was seen. */
  public Instant at() {
    return snapshot.at();
  }

  /** What the user asked. */
  public Wanted wanted() {
    return wanted;
  }

  /** What was gathered. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** The pods. */
  public Observed<List<Pod>> pods() {
    return pods;
  }

  /** The nodes by name; empty when they may not be seen. */
  public Map<String, Node> nodes() {
    return nodes;
  }

  /** What Kubernetes told lately. */
  public List<Event> events() {
    return events;
  }

  /** What it told of one object, the latest last. */
  public List<Event> eventsOf(String kind, String namespace, String name) {
    return events.stream()
        .filter(
            e -> e.kind().equals(kind) && e.namespace().equals(namespace) && e.name().equals(name))
        .sorted((a, b) -> a.last().orElse(Instant.EPOCH).compareTo(b.last().orElse(Instant.EPOCH)))
        .toList();
  }

  /** The SPIRE servers. */
  public List<Component> servers() {
    return servers;
  }

  /** The SPIRE agents. */
  public List<Component> agents() {
    return agents;
  }

  /** The log of a pod's container. */
  public Log log(Pod pod, String container) {
    Name key = new Name(pod.inWords(), container);
    return logs.computeIfAbsent(key, _ -> readLog(pod, container));
  }

  private Log readLog(Pod pod, String container) {
    StringBuilder text = new StringBuilder();
    for (boolean previous : new boolean[] {true, false}) {
      Observed<String> part =
          snapshot
              .logs()
              .get(new LogOf(pod.meta().namespace(), pod.meta().name(), container, previous));
      if (part != null) {
        part.seen().ifPresent(text::append);
      }
    }
    return Log.parse(text.toString());
  }

  /** What the servers said, by pod. */
  public Stream<ServerAnswers> answers() {
    return snapshot.servers().values().stream();
  }

  /** The entries, of all servers that answered; not seen when none did. */
  public Observed<List<Entry>> entries() {
    return joined(ServerAnswers::entries, "list the entries of the SPIRE server");
  }

  /** The agents that the servers know. */
  public Observed<List<Agent>> attested() {
    return joined(ServerAnswers::agents, "list the agents of the SPIRE server");
  }

  /** The bundles of the servers' own trust domains. */
  public Observed<List<TrustBundle>> bundles() {
    return joined(said -> said.bundle().map(List::of), "show the bundle of the SPIRE server");
  }

  /** The bundles that the servers have of other trust domains. */
  public Observed<List<TrustBundle>> federatedBundles() {
    return joined(ServerAnswers::federated, "list the federated bundles of the SPIRE server");
  }

  /** Where the servers fetch the bundles of other trust domains from. */
  public Observed<List<FederationRelationship>> federationRelationships() {
    return joined(ServerAnswers::relationships, "list the federation of the SPIRE server");
  }

  private <T> Observed<List<T>> joined(
      Function<ServerAnswers, Observed<List<T>>> part, String what) {
    List<T> all = new ArrayList<>();
    Observed<List<T>> unseen =
        new Observed.Unseen<>(Observed.Reason.ABSENT, what, "no server was asked");
    boolean any = false;
    for (ServerAnswers answers : snapshot.servers().values()) {
      Observed<List<T>> one = part.apply(answers);
      if (one.seen().isPresent()) {
        all.addAll(one.seen().get());
        any = true;
      } else {
        unseen = one;
      }
    }
    return any ? new Observed.Seen<>(List.copyOf(all)) : unseen;
  }

  /** The trust domain, as far as it can be told. */
  public Optional<String> trustDomain() {
    return Stream.concat(servers.stream(), agents.stream())
        .flatMap(c -> c.config().trustDomain().stream())
        .findFirst()
        .or(wanted::trustDomain);
  }
}
