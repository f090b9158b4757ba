package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.K8sSelectors;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.identity.Standing;
import org.spiredoctor.identity.Standings;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** A cluster's evidence and what follows from it, worked out once for all rules. */
public final class ClusterCase {
  private final ClusterEvidence evidence;
  private final List<Pod> pods;
  private final Set<String> socketDirectories;
  private final Observed<Standings> judge;
  private final Observed<List<PodStanding>> standings;
  private final Map<String, List<Agent>> agents = new HashMap<>();
  private final Spire spire;

  /** Works it out. */
  public ClusterCase(ClusterEvidence evidence) {
    this.evidence = evidence;
    this.pods = Workloads.asked(evidence);
    this.socketDirectories = Workloads.socketDirectories(evidence);
    this.spire = new Spire(evidence);
    this.judge = evidence.entries().map(entries -> new Standings(entries, evidence.at()));
    this.standings =
        evidence.pods() instanceof Observed.Unseen<List<Pod>> unseen
            ? unseen.as()
            : judge.map(this::standings);
  }

  /** What was seen. */
  public ClusterEvidence evidence() {
    return evidence;
  }

  /** Commands of the server's program. */
  public Spire spire() {
    return spire;
  }

  /** The pods that are examined. */
  public List<Pod> pods() {
    return pods;
  }

  /** The directories of the nodes in which agents have their sockets. */
  public Set<String> socketDirectories() {
    return socketDirectories;
  }

  /** How the examined pods stand; not seen when the entries are not. */
  public Observed<List<PodStanding>> standings() {
    return standings;
  }

  /** One of each group of pods that stand alike, and how many there are. */
  public List<PodStanding> standing(Standing.Kind kind) {
    Map<String, PodStanding> groups = new LinkedHashMap<>();
    standings.seen().orElse(List.of()).stream()
        .filter(one -> one.standing().kind() == kind)
        .forEach(one -> groups.putIfAbsent(one.maker(), one));
    return List.copyOf(groups.values());
  }

  /** All examined pods that stand as this one, and were made by the same. */
  public List<Pod> alike(PodStanding one) {
    return standings.seen().orElse(List.of()).stream()
        .filter(other -> other.maker().equals(one.maker()))
        .filter(other -> other.standing().kind() == one.standing().kind())
        .map(PodStanding::pod)
        .toList();
  }

  /** The agent's pod on a node. */
  public Optional<Pod> agentPodOn(String node) {
    return agentPods().filter(pod -> pod.node().equals(node)).findFirst();
  }

  /** All agents' pods. */
  public Stream<Pod> agentPods() {
    return evidence.agents().stream().flatMap(agents -> agents.pods().stream());
  }

  /** The component that a pod of SPIRE belongs to. */
  public Optional<Component> componentOf(Pod pod) {
    return Stream.concat(evidence.agents().stream(), evidence.servers().stream())
        .filter(component -> component.pods().contains(pod))
        .findFirst();
  }

  /** The agents that the server knows on a node; any of several may be the one. */
  public List<Agent> attestedOn(String node) {
    List<Agent> attested = evidence.attested().seen().orElse(List.of());
    String uid =
        Optional.ofNullable(evidence.nodes().get(node)).map(n -> n.meta().uid()).orElse("");
    List<Agent> there = attested.stream().filter(a -> a.runsOn(node, uid)).toList();
    // Other node attestors do not tell the node's name.
    return there.isEmpty() ? attested.stream().filter(a -> !a.tellsNode()).toList() : there;
  }

  /** The agents that serve a node, or that would, were they attested. */
  public List<Agent> agentsFor(String node) {
    return agents.computeIfAbsent(
        node,
        _ -> {
          List<Agent> attested = attestedOn(node);
          return attested.isEmpty() ? expectedOn(node).stream().toList() : attested;
        });
  }

  /** Whether entries of this parent are served on a node. */
  public boolean leadsTo(String parent, String node) {
    return judge
        .seen()
        .filter(
            standings ->
                agentsFor(node).stream()
                    .anyMatch(agent -> standings.parentsServedBy(agent).contains(parent)))
        .isPresent();
  }

  /** What the agent of a node will be when it is attested. */
  private Optional<Agent> expectedOn(String node) {
    Component agents = evidence.agents().stream().findFirst().orElse(null);
    String domain = evidence.trustDomain().orElse(null);
    String cluster = agents == null ? null : agents.config().cluster().orElse(null);
    if (agents == null || domain == null || cluster == null) {
      return Optional.empty();
    }
    String uid =
        Optional.ofNullable(evidence.nodes().get(node)).map(n -> n.meta().uid()).orElse("unknown");
    Set<Selector> selectors = new LinkedHashSet<>(aliasSelectors(agents, cluster));
    selectors.add(new Selector("k8s_psat", "agent_node_name:" + node));
    selectors.add(new Selector("k8s_psat", "agent_node_uid:" + uid));
    return Optional.of(
        new Agent(
            SpiffeIds.of(domain, "/spire/agent/k8s_psat/" + cluster + "/" + uid),
            "k8s_psat",
            selectors,
            false,
            true,
            Optional.empty(),
            Optional.empty()));
  }

  /** The selectors by which a node alias means all agents of a component. */
  public static Set<Selector> aliasSelectors(Component agents, String cluster) {
    Set<Selector> selectors = new LinkedHashSet<>();
    selectors.add(new Selector("k8s_psat", "cluster:" + cluster));
    selectors.add(new Selector("k8s_psat", "agent_ns:" + agents.namespace()));
    agents
        .specimen()
        .ifPresent(
            pod -> selectors.add(new Selector("k8s_psat", "agent_sa:" + pod.serviceAccount())));
    return selectors;
  }

  private List<PodStanding> standings(Standings judge) {
    Map<String, Set<String>> takers = takers(judge);
    List<PodStanding> all = new ArrayList<>();
    for (Pod pod : pods) {
      all.add(worst(pod, judge, takers));
    }
    return List.copyOf(all);
  }

  /** Which makers' pods each entry matches, by its id. */
  private Map<String, Set<String>> takers(Standings judge) {
    Map<String, Set<String>> takers = new HashMap<>();
    for (Pod pod : evidence.pods().seen().orElse(List.of())) {
      String maker = maker(pod);
      for (Set<Selector> selectors : K8sSelectors.ofEach(pod)) {
        judge
            .matching(selectors)
            .forEach(e -> takers.computeIfAbsent(e.id(), _ -> new LinkedHashSet<>()).add(maker));
      }
    }
    return takers;
  }

  private static String maker(Pod pod) {
    return pod.meta().owners().isEmpty() ? pod.meta().uid() : pod.meta().owners().getFirst().uid();
  }

  private PodStanding worst(Pod pod, Standings judge, Map<String, Set<String>> takers) {
    Collection<Agent> agents = agentsFor(pod.node());
    Predicate<Entry> wanted =
        entry -> evidence.wanted().spiffeId().filter(id -> !id.equals(entry.spiffeId())).isEmpty();
    Predicate<Entry> taken =
        entry ->
            takers.getOrDefault(entry.id(), Set.of()).stream().anyMatch(m -> !m.equals(maker(pod)));
    List<PodStanding> standings = new ArrayList<>();
    for (Container container : Workloads.callers(pod, socketDirectories)) {
      Standing standing = judge.of(K8sSelectors.of(pod, container), agents, wanted, taken);
      standings.add(new PodStanding(pod, container, standing, Optional.empty()));
    }
    Optional<Container> served =
        standings.stream()
            .filter(s -> s.standing().served())
            .map(PodStanding::container)
            .findFirst();
    return standings.stream()
        .filter(s -> !s.standing().served())
        .min(Comparator.comparing(s -> s.standing().kind()))
        // One that is served more than another says more.
        .or(
            () ->
                standings.stream().max(Comparator.comparingInt(s -> s.standing().entries().size())))
        .map(s -> new PodStanding(pod, s.container(), s.standing(), served))
        .orElseThrow(() -> new IllegalStateException("a pod without containers: " + pod.inWords()));
  }
}
