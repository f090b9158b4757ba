package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
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
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.Node;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;
import org.spiredoctor.kube.Service;

/** What was seen of a cluster, as rules need it: a view of a snapshot, made once. */
public final class ClusterEvidence {
  private final ReadObjects read;
  private final Snapshot snapshot;
  private final Discovery discovery;
  private final Set<String> nodesAsked;
  private final ClusterQuery query;
  private final Optional<String> spireNamespace;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> namespaceLabels = new HashMap<>();
  private final Map<EventsOf, List<Event>> eventsByObject;
  private final List<Installation> installations;
  private final List<Installation> leftOut;
  private final List<Installation> lookAlikes;
  private final List<Component> aside;
  private final List<Component> servers;
  private final List<Component> agents;
  private final Map<Name, Snapshot.ServerAnswers> said;
  private final Map<Name, Log> logs = new HashMap<>();
  private final DeclarationIndex declarations;

  private ClusterEvidence(ReadObjects read, Snapshot gathered, ClusterQuery query) {
    this.read = read;
    this.snapshot = gathered.holding(read.kept());
    this.query = query;
    List<Pod> pods = read.pods().seen().orElse(List.of());
    this.nodesAsked = Workloads.nodes(pods, query);
    this.discovery = new Discovery(pods, read.owners(), this::configMap);
    read.nodes().forEach(node -> nodes.put(node.meta().name(), node));
    this.declarations = new DeclarationIndex(read.declared().seen().orElse(List.of()));
    read.namespaces()
        .forEach(namespace -> namespaceLabels.put(namespace.name(), namespace.labels()));
    this.eventsByObject =
        read.events().stream()
            .sorted(Comparator.comparing(event -> event.last().orElse(Instant.EPOCH)))
            .collect(Collectors.groupingBy(EventsOf::of));
    List<Service> services = read.services();
    Parts parts = parts(services);
    this.said =
        Installations.ofOneReplica(
            parts.all().stream().filter(ClusterEvidence::isServer).toList(), snapshot.servers());
    Installations told = new Installations(said);
    List<Installation> all =
        query.spireNamespace().isPresent()
            ? told.of(parts.all(), services)
            : told.without(parts.aside()).of(parts.known(), services);
    this.spireNamespace =
        query.spireNamespace().or(() -> query.spireHint().filter(ns -> isSpireIn(ns, all)));
    List<Installation> there = all.stream().filter(this::isWanted).toList();
    this.installations =
        there.isEmpty()
            ? told.overApi().of(List.of(), services)
            : there.stream().map(one -> one.without(parts.aside())).toList();
    this.leftOut =
        there.isEmpty() ? List.of() : all.stream().filter(one -> !isWanted(one)).toList();
    this.aside =
        parts.aside().stream()
            .filter(one -> leftOut.stream().noneMatch(other -> other.holds(one)))
            .toList();
    this.lookAlikes = aside.isEmpty() ? List.of() : new Installations(Map.of()).of(aside, services);
    this.servers = installations.stream().flatMap(one -> one.servers().stream()).toList();
    this.agents = installations.stream().flatMap(one -> one.agents().stream()).toList();
  }

  /**
   * The pods of a component, those on the nodes of the pods in question first: of agents that
   * suffer alike the one that serves these pods is reported.
   */
  public List<Pod> nearFirst(Component component) {
    return nodesAsked.isEmpty()
        ? component.pods()
        : component.pods().stream()
            .sorted(Comparator.comparing(pod -> !isAsked(pod.node())))
            .toList();
  }

  /** Whether it is where the pods in question are; so is each node where none is named. */
  public boolean isAsked(String node) {
    return nodesAsked.isEmpty() || nodesAsked.contains(node);
  }

  private static boolean isServer(Component component) {
    return component.role() == Component.Role.SERVER;
  }

  private Parts parts(List<Service> services) {
    List<Component> foundServers = discovery.find(Component.Role.SERVER);
    List<Component> foundAgents = discovery.find(Component.Role.AGENT);
    AgentServerPairing pairing = new AgentServerPairing(foundServers, services);
    Optional<String> named = query.spireNamespace();
    return Parts.of(
        foundServers,
        foundAgents,
        pairing,
        Corroboration.of(foundServers, foundAgents, pairing, snapshot, nodes, named),
        named.isPresent());
  }

  /** The view of a snapshot. */
  public static ClusterEvidence of(Snapshot snapshot, ClusterQuery query) {
    return new ClusterEvidence(ReadObjects.of(snapshot), snapshot, query);
  }

  /** The view of what more was gathered since, beside the same objects. */
  ClusterEvidence with(Snapshot more) {
    return new ClusterEvidence(read, more, query);
  }

  /** All that was gathered, also what {@link #oddObjects} are. */
  public Snapshot gathered() {
    return snapshot.holding(read.gathered());
  }

  /** What makes pods: daemon sets, stateful sets, deployments; none when they may not be seen. */
  public List<PodOwner> owners() {
    return read.owners();
  }

  /** What is held of the data of a config map; absent where it was not seen. */
  public Optional<Map<String, String>> configMap(String namespace, String name) {
    Observed<JsonNode> map = snapshot.configMaps().get(new Name(namespace, name));
    return map == null ? Optional.empty() : map.seen().map(json -> Json.strings(json.path("data")));
  }

  private static boolean isSpireIn(String namespace, List<Installation> all) {
    return all.stream()
        .flatMap(Installation::components)
        .anyMatch(one -> one.namespace().equals(namespace));
  }

  /** Whether a part of it is in the namespace that was named, if one was and parts are seen. */
  private boolean isWanted(Installation one) {
    return spireNamespace
        .filter(_ -> one.components().findAny().isPresent())
        .map(name -> one.components().anyMatch(c -> c.namespace().equals(name)))
        .orElse(true);
  }

  /** When it was seen. */
  public Instant at() {
    return snapshot.at();
  }

  /** What the user asked. */
  public ClusterQuery query() {
    return query;
  }

  /**
   * The only namespace whose SPIRE is examined: that of the user's word, or of a hint that fits.
   */
  public Optional<String> spireNamespace() {
    return spireNamespace;
  }

  /** Why SPIRE could be in a namespace that was not seen; absent when it could not. */
  public Optional<String> unlisted() {
    return snapshot
        .podNamespaces()
        .filter(_ -> spireNamespace.isEmpty())
        .map(
            listed ->
                "it was searched for among the pods of "
                    + String.join(" and ", new TreeSet<>(listed))
                    + " only: name its namespace with --spire-namespace");
  }

  /** Why the pods of a component were not seen; absent when they would have been. */
  public Optional<String> unlisted(Component component) {
    return snapshot
        .podNamespaces()
        .filter(listed -> !listed.contains(component.namespace()))
        .map(_ -> "list pods in namespace " + component.namespace());
  }

  /** The hint that is ignored, since no SPIRE is known there; absent when no pods were seen. */
  public Optional<String> ignoredHint() {
    return query
        .spireHint()
        .filter(_ -> spireNamespace.isEmpty() && read.pods().seen().isPresent());
  }

  /** What of it was left out, for Kubernetes cannot hold it. */
  public List<OddObjects> oddObjects() {
    return read.odd();
  }

  /** What was gathered, without {@link #oddObjects}. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** The pods. */
  public Observed<List<Pod>> pods() {
    return read.pods();
  }

  /** The nodes by name; empty when they may not be seen. */
  public Map<String, Node> nodes() {
    return nodes;
  }

  /** The labels of each namespace; empty when they may not be seen. */
  public Map<String, Map<String, String>> namespaceLabels() {
    return namespaceLabels;
  }

  /** Whether there is a namespace of this name; absent where they may not be seen. */
  public Optional<Boolean> hasNamespace(String name) {
    return snapshot.objects(Kind.NAMESPACE).seen().map(_ -> namespaceLabels.containsKey(name));
  }

  /** Whether a pod of this namespace was seen. */
  public boolean hasPods(String namespace) {
    return pods().seen().orElse(List.of()).stream()
        .anyMatch(pod -> pod.meta().namespace().equals(namespace));
  }

  /** The labels of one, with that which every namespace has; absent when they are not known. */
  Optional<Map<String, String>> namespaceLabels(String namespace) {
    return Optional.ofNullable(namespaceLabels.get(namespace))
        .map(
            told -> {
              Map<String, String> labels = new HashMap<>(told);
              labels.put("kubernetes.io/metadata.name", namespace);
              return labels;
            });
  }

  /** Whether a pod is a part of SPIRE, and no workload. */
  public boolean isSpire(Pod pod) {
    return discovery.isSpire(pod.meta().namespace(), pod);
  }

  /** The same of what an owner makes. */
  public boolean makesSpire(PodOwner owner) {
    return discovery.isSpire(owner.meta().namespace(), owner.template());
  }

  /** The orders to controller-managers. */
  Observed<List<ClusterSpiffeId>> declared() {
    return read.declared();
  }

  /** Those of them that may select a pod, as far as its own labels go. */
  DeclarationIndex declarations() {
    return declarations;
  }

  /** What Kubernetes told lately. */
  public List<Event> events() {
    return read.events();
  }

  /** What it told of one object, the latest last; not of an earlier one of the same name. */
  public List<Event> eventsOf(String kind, Meta object) {
    return eventsByObject
        .getOrDefault(new EventsOf(kind, object.namespace(), object.name()), List.of())
        .stream()
        .filter(e -> e.uid().isEmpty() || e.uid().equals(object.uid()))
        .toList();
  }

  private record EventsOf(String kind, String namespace, String name) {
    static EventsOf of(Event event) {
      return new EventsOf(event.kind(), event.namespace(), event.name());
    }
  }

  /** The SPIREs; one at least, be it without server and agents. */
  public List<Installation> installations() {
    return installations;
  }

  /** The SPIREs that are not of the namespace that was named. */
  public List<Installation> leftOut() {
    return leftOut;
  }

  /**
   * What calls itself SPIRE, and is left aside: nothing corroborates it where something else is
   * corroborated, or it has no pods where something else runs.
   */
  public List<Component> aside() {
    return aside;
  }

  /** The same as SPIREs of their own. */
  public List<Installation> lookAlikes() {
    return lookAlikes;
  }

  /** The SPIRE servers. */
  public List<Component> servers() {
    return servers;
  }

  /** The SPIRE agents. */
  public List<Component> agents() {
    return agents;
  }

  /** The log of a pod's container since its last start, as {@link LatestLog} has it. */
  public Log log(Pod pod, String container) {
    Name key = new Name(pod.inWords(), container);
    return logs.computeIfAbsent(
        key,
        _ ->
            LatestLog.of(
                log(pod, container, true),
                log(pod, container, false),
                pod.containers().stream().filter(c -> c.name().equals(container)).findFirst(),
                at()));
  }

  /**
   * The log of one run of a pod's container; empty when it was not seen.
   *
   * @param previous of the run before the last start
   */
  public Log log(Pod pod, String container, boolean previous) {
    Observed<String> seen = snapshot.logs().get(LogOf.of(pod, container, previous));
    return Log.parse(seen == null ? "" : seen.seen().orElse(""));
  }

  /** What the servers said. */
  public Stream<ServerAnswers> answers() {
    return snapshot.servers().values().stream();
  }

  /** The entries, of all servers that answered; not seen when none did. */
  public Observed<List<Entry>> entries() {
    return joined(Installation::entries);
  }

  /** The agents that the servers know. */
  public Observed<List<Agent>> attested() {
    return joined(Installation::attested);
  }

  /** The bundles of the servers' own trust domains. */
  public Observed<List<TrustBundle>> bundles() {
    return told(said -> said.bundle().map(List::of), "show the bundle of the SPIRE server");
  }

  /** The bundles that the servers have of other trust domains. */
  public Observed<List<TrustBundle>> federatedBundles() {
    return told(ServerAnswers::federated, "list the federated bundles of the SPIRE server");
  }

  /** Where the servers fetch the bundles of other trust domains from. */
  public Observed<List<FederationRelationship>> federationRelationships() {
    return told(ServerAnswers::relationships, "list the federation of the SPIRE server");
  }

  private <T> Observed<List<T>> told(Function<ServerAnswers, Observed<List<T>>> part, String what) {
    return Installations.joined(said, part, what);
  }

  private <T> Observed<List<T>> joined(Function<Installation, Observed<List<T>>> part) {
    List<Observed<List<T>>> all = installations.stream().map(part).toList();
    List<Observed<List<T>>> seen = all.stream().filter(one -> one.seen().isPresent()).toList();
    return seen.isEmpty()
        ? all.stream().filter(ClusterEvidence::wasAsked).findFirst().orElse(all.getFirst())
        : new Observed.Seen<>(
            seen.stream().flatMap(one -> one.seen().stream()).flatMap(List::stream).toList());
  }

  private static boolean wasAsked(Observed<?> unseen) {
    return unseen instanceof Observed.Unseen<?> one && one.reason() != Observed.Reason.ABSENT;
  }
}
