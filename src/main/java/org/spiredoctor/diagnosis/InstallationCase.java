package org.spiredoctor.diagnosis;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryImpacts;
import org.spiredoctor.identity.K8sSelectors;
import org.spiredoctor.identity.PodIndex;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.identity.Standings;
import org.spiredoctor.kube.Pod;

/** One SPIRE: what its server knows, and which of its agents serves which node. */
public final class InstallationCase {
  private final ClusterEvidence evidence;
  private final Installation installation;
  private final Observed<Standings> judge;
  private final Map<String, List<Agent>> agents = new HashMap<>();
  private final Spire spire;
  private final K8sSelectors selectors;

  private final Supplier<List<Pod>> pods;
  private @Nullable EntryImpacts impacts;

  /**
   * @param pods all pods that get their identity from it
   */
  InstallationCase(ClusterEvidence evidence, Installation installation, Supplier<List<Pod>> pods) {
    this.pods = pods;
    this.evidence = evidence;
    this.installation = installation;
    this.judge = installation.entries().map(all -> new Standings(all, evidence.at()));
    this.spire = new Spire(evidence, installation);
    this.selectors = selectors(evidence, installation);
  }

  /** Its parts, and what its server said. */
  public Installation installation() {
    return installation;
  }

  /** What its agents' k8s attestor makes of pods, as they are configured. */
  public K8sSelectors selectors() {
    return selectors;
  }

  private static K8sSelectors selectors(ClusterEvidence evidence, Installation installation) {
    boolean labels = isSet(installation, "enable_namespace_labels");
    return new K8sSelectors(
        !isSet(installation, "disable_container_selectors"),
        labels ? evidence.namespaceLabels() : Map.of());
  }

  private static boolean isSet(Installation installation, String setting) {
    return installation.agents().stream()
        .flatMap(
            agents ->
                agents
                    .config()
                    .value("plugins", "WorkloadAttestor", "k8s", "plugin_data", setting)
                    .stream())
        .anyMatch("true"::equals);
  }

  /** Judges pods by its entries; not seen when they are not. */
  Observed<Standings> judge() {
    return judge;
  }

  /** Commands of its server's program. */
  public Spire spire() {
    return spire;
  }

  /** Its entries; none when they were not seen. */
  public List<Entry> entries() {
    return installation.entries().seen().orElse(List.of());
  }

  /** What changes of its entries do; absent where entries or pods were not seen. */
  public Optional<EntryImpacts> impacts() {
    if (impacts == null && judge.seen().isPresent() && evidence.pods().seen().isPresent()) {
      List<PodIndex.Attested> all =
          pods.get().stream()
              .filter(pod -> !pod.over())
              .map(
                  pod ->
                      new PodIndex.Attested(
                          pod.inWords(), selectors.ofEach(pod), agentsFor(pod.node())))
              .toList();
      impacts =
          new EntryImpacts(
              entries(),
              new PodIndex(all, selectors::computes),
              installation.attested().seen().orElse(List.of()),
              evidence.at());
    }
    return Optional.ofNullable(impacts);
  }

  /** Its trust domain, or the one that the user names. */
  public Optional<String> trustDomain() {
    return installation.trustDomain().or(evidence.wanted()::trustDomain);
  }

  /** All its agents' pods. */
  public Stream<Pod> agentPods() {
    return installation.agents().stream().flatMap(component -> component.pods().stream());
  }

  /** Its agent's pod on a node. */
  public Optional<Pod> agentPodOn(String node) {
    return agentPods().filter(pod -> pod.node().equals(node)).findFirst();
  }

  /** The agents that the server knows on a node; any of several may be the one. */
  public List<Agent> attestedOn(String node) {
    List<Agent> attested = installation.attested().seen().orElse(List.of());
    List<Agent> there = attested.stream().filter(a -> a.runsOn(node, uid(node, ""))).toList();
    // Other node attestors do not tell the node's name.
    return there.isEmpty() ? attested.stream().filter(a -> !a.tellsNode()).toList() : there;
  }

  private String uid(String node, String otherwise) {
    return Optional.ofNullable(evidence.nodes().get(node))
        .map(n -> n.meta().uid())
        .orElse(otherwise);
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
    Component component = installation.agents().stream().findFirst().orElse(null);
    String domain = trustDomain().orElse(null);
    String cluster = component == null ? null : component.config().cluster().orElse(null);
    if (component == null || domain == null || cluster == null) {
      return Optional.empty();
    }
    String uid = uid(node, "unknown");
    Set<Selector> selectors = new LinkedHashSet<>(aliasSelectors(component, cluster));
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

  /** The selectors by which a node alias means all agents; empty when their cluster is unknown. */
  public Set<Selector> aliasSelectors() {
    return installation.agents().stream()
        .flatMap(a -> a.config().cluster().map(cluster -> aliasSelectors(a, cluster)).stream())
        .findFirst()
        .orElse(Set.of());
  }

  private static Set<Selector> aliasSelectors(Component agents, String cluster) {
    return Stream.concat(
            Stream.of("cluster:" + cluster, "agent_ns:" + agents.namespace()),
            agents.specimen().stream().map(pod -> "agent_sa:" + pod.serviceAccount()))
        .map(value -> new Selector("k8s_psat", value))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
