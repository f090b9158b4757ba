package org.spiredoctor.diagnosis;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Attestors;
import org.spiredoctor.identity.Candidates;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryImpacts;
import org.spiredoctor.identity.EntryMatcher;
import org.spiredoctor.identity.K8sSelectors;
import org.spiredoctor.identity.PodIndex;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.Visibility;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;

/** One SPIRE: what its server knows, and which of its agents serves which node. */
public final class InstallationCase {
  /** The last words of an agent. */
  private static final String CRASHED = "Agent crashed";

  private final ClusterEvidence evidence;
  private final Installation installation;
  private final String words;
  private final Observed<EntryMatcher> judge;
  private final NodeAgents agents;
  private final ExpectedAgents expected;
  private final Map<String, Candidates> candidates = new HashMap<>();
  private final Set<String> parentsElsewhere;
  private final EntryCommands commands;
  private final K8sSelectors selectors;

  private final Supplier<List<Pod>> pods;
  private @Nullable EntryImpacts impacts;
  private @Nullable List<Agent> ownAgents;
  private @Nullable List<ControllerManager> controllers;
  private @Nullable Set<String> matched;

  /**
   * @param pods all pods that get their identity from it
   */
  InstallationCase(ClusterEvidence evidence, Installation installation, Supplier<List<Pod>> pods) {
    this.pods = pods;
    this.evidence = evidence;
    this.installation = installation;
    this.words = installation.inWords();
    this.agents = new NodeAgents(evidence, installation);
    this.expected = new ExpectedAgents(evidence, installation);
    this.selectors =
        new K8sSelectors(attestors(evidence, installation), evidence.namespaceLabels());
    this.judge =
        installation
            .entries()
            .map(all -> new EntryMatcher(all, selectors.attestors(), evidence.at()));
    this.commands = new EntryCommands(evidence, this);
    this.parentsElsewhere = parentsElsewhere();
  }

  /** Its parts, and what its server said. */
  public Installation installation() {
    return installation;
  }

  /** {@code StatefulSet spire-system/spire-server of example.org}. */
  public String inWords() {
    return words;
  }

  /** What its agents' k8s attestor makes of pods, as they are configured. */
  public K8sSelectors selectors() {
    return selectors;
  }

  private static Attestors attestors(ClusterEvidence evidence, Installation installation) {
    return AgentAttestors.of(
        installation.agents(), evidence.snapshot().objects(Kind.NAMESPACE).seen().isPresent());
  }

  /** The controller-managers beside its servers. */
  public List<ControllerManager> controllers() {
    List<ControllerManager> known = controllers;
    if (known == null) {
      known = ControllerManager.of(evidence, installation.servers());
      controllers = known;
    }
    return known;
  }

  /** Judges pods by its entries; not seen when they are not. */
  Observed<EntryMatcher> judge() {
    return judge;
  }

  /** What the user asks. */
  public ClusterQuery query() {
    return evidence.query();
  }

  /**
   * Whether an agent is attested, and on a node of this cluster: its name alone does not tell,
   * since another cluster may have a node of the same name.
   */
  public boolean isOwn(Agent agent) {
    return agents.isListed(agent)
        && agent.validAt(evidence.at())
        && agents.isNode(agent.id().substring(agent.id().lastIndexOf('/') + 1));
  }

  /** The agents that are attested, and run on the nodes of this cluster. */
  public List<Agent> ownAgents() {
    List<Agent> known = ownAgents;
    if (known == null) {
      known =
          installation.attested().seen().orElse(List.of()).stream()
              .filter(agent -> isOwn(agent) && !isReplaced(agent))
              .toList();
      ownAgents = known;
    }
    return known;
  }

  /** Commands of its server's program. */
  public EntryCommands commands() {
    return commands;
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
              // One that failed without its identity is examined, and so counted.
              .filter(pod -> !pod.phase().equals("Succeeded"))
              .map(
                  pod ->
                      new PodIndex.Attested(
                          pod.inWords(), selectors.ofEach(pod), agentsFor(pod.node())))
              .toList();
      impacts =
          new EntryImpacts(
              entries(),
              new PodIndex(all, this::isTold, evidence.snapshot().podNamespaces()),
              installation.attested().seen().orElse(List.of()),
              evidence.at());
    }
    return Optional.ofNullable(impacts);
  }

  /** Whether it is known of every pod if it has a selector. */
  private boolean isTold(Selector selector) {
    return selectors.computes(selector)
        || selectors.attestors().of(selector) == Visibility.NEVER
        // Of agents only.
        || selector.type().equals("spiffe_id");
  }

  /** Its trust domain, or the one that the user names. */
  public Optional<String> trustDomain() {
    return installation.trustDomain().or(evidence.query()::trustDomain);
  }

  /** All its agents' pods. */
  public Stream<Pod> agentPods() {
    return installation.agents().stream().flatMap(component -> component.pods().stream());
  }

  /**
   * Whether an agent serves: it is ready, or has said so since it was started and the kubelet has
   * not asked yet. SPIRE's Helm chart has it ask after 10 s, then every 30 s.
   */
  public boolean isUp(Pod agent) {
    return agent.ready()
        || Component.Role.AGENT
            .container(agent)
            .filter(container -> container.maybeNotYetAsked(evidence.at()))
            .map(container -> evidence.log(agent, container.name()))
            .filter(log -> log.saysStarted() && log.afterStart().last(CRASHED).isEmpty())
            .isPresent();
  }

  /** Its agent's pod on a node. */
  public Optional<Pod> agentPodOn(String node) {
    return agentPods().filter(pod -> pod.node().equals(node)).findFirst();
  }

  /** The agents that the server lists of a node, valid or not; any of several may be the one. */
  public List<Agent> attestedOn(String node) {
    return agents.on(node);
  }

  /** The agents that the server lists of other clusters: no part of this one. */
  public List<Agent> ofOtherClusters() {
    return agents.ofOtherClusters();
  }

  /** Whether an agent that the server lists is on no node of this cluster. */
  public boolean isElsewhere(Agent agent) {
    return agents.isElsewhere(agent);
  }

  /** Whether another agent runs now where an agent was: it is only still listed. */
  public boolean isReplaced(Agent agent) {
    return agents.isReplaced(agent);
  }

  /**
   * Whether an entry is meant for another cluster: its parent leads to agents there, and to none
   * that is or would be here.
   */
  public boolean isOfOtherCluster(Entry entry) {
    return parentsElsewhere.contains(entry.parentId());
  }

  /** Whether the selectors of a node alias name another cluster that the server attests. */
  public boolean isOfOtherCluster(Set<Selector> alias) {
    return installation.servers().stream()
        .flatMap(
            server ->
                server
                    .config()
                    .keys("plugins", "NodeAttestor", "k8s_psat", "plugin_data", "clusters")
                    .stream())
        .filter(cluster -> !agents.isOwn(cluster))
        .anyMatch(cluster -> alias.contains(new Selector("k8s_psat", "cluster:" + cluster)));
  }

  /** A few of the entries that match a workload, and are meant for another cluster. */
  public List<Entry> matchingElsewhere(Set<Selector> workload) {
    return judge.seen().stream()
        .flatMap(matcher -> matcher.matching(workload).stream())
        .filter(this::isOfOtherCluster)
        .limit(3)
        .toList();
  }

  /**
   * A few of the entries that match a workload of another SPIRE, and no pod of this one: nobody is
   * served by them.
   */
  public List<Entry> matchingNone(Set<Selector> workload) {
    EntryMatcher matcher = judge.seen().orElse(null);
    if (matcher == null || installation.agents().isEmpty()) {
      return List.of();
    }
    return matcher.matching(workload).stream()
        .filter(entry -> !entry.forNodes() && !entry.privileged() && !isOfOtherCluster(entry))
        .filter(entry -> !matched(matcher).contains(entry.id()))
        .limit(3)
        .toList();
  }

  private Set<String> matched(EntryMatcher matcher) {
    Set<String> known = matched;
    if (known == null) {
      known =
          pods.get().stream()
              .flatMap(pod -> selectors.ofEach(pod).stream())
              .flatMap(each -> matcher.matching(each).stream())
              .map(Entry::id)
              .collect(Collectors.toSet());
      matched = known;
    }
    return known;
  }

  private Set<String> parentsElsewhere() {
    EntryMatcher matcher = judge.seen().orElse(null);
    if (matcher == null || ofOtherClusters().isEmpty()) {
      return Set.of();
    }
    Set<String> parents = new HashSet<>();
    ofOtherClusters().forEach(agent -> parents.addAll(matcher.parentsServedBy(agent)));
    Stream.concat(evidence.nodes().keySet().stream(), agentPods().map(Pod::node))
        .distinct()
        .flatMap(node -> Stream.concat(attestedOn(node).stream(), expected.on(node).stream()))
        .forEach(agent -> parents.removeAll(matcher.parentsServedBy(agent)));
    return parents;
  }

  /** The agents any of which serves a node, or would, were it attested. */
  public Candidates candidates(String node) {
    return candidates.computeIfAbsent(
        node,
        _ -> {
          List<Agent> valid = agents.validOn(node);
          if (!valid.isEmpty()) {
            return new Candidates(valid, agents.perhapsNone(node, valid), true);
          }
          List<Agent> listed = attestedOn(node);
          List<Agent> may = listed.isEmpty() ? expected.on(node).stream().toList() : listed;
          return installation.attested().seen().isEmpty()
              ? Candidates.of(may)
              : Candidates.unattested(may);
        });
  }

  /** The same, without how certain it is. */
  public List<Agent> agentsFor(String node) {
    return candidates(node).agents();
  }

  /** Whether entries of this parent are served on a node, whichever agent is the node's. */
  public boolean leadsTo(String parent, String node) {
    List<Agent> its = agentsFor(node);
    return !its.isEmpty()
        && judge
            .seen()
            .filter(
                matcher ->
                    its.stream().allMatch(agent -> matcher.parentsServedBy(agent).contains(parent)))
            .isPresent();
  }

  /** The selectors by which a node alias means all agents; empty when their cluster is unknown. */
  public Set<Selector> aliasSelectors() {
    return expected.aliasSelectors();
  }
}
