package org.spiredoctor.diagnosis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.kube.Node;
import org.spiredoctor.kube.Pod;

/**
 * Where the agents that a server lists are: on a node of this cluster, perhaps on any of them, or
 * somewhere else. A node is told by its UID, since clusters have nodes of the same name, and a node
 * that is made anew keeps its name (SPIRE, {@code pkg/server/plugin/nodeattestor/k8spsat}).
 */
final class NodeAgents {
  private final Installation installation;
  private final RunningAgents running;
  private final Instant at;
  private final Map<String, List<Agent>> onNode = new HashMap<>();
  private final List<Agent> anywhere = new ArrayList<>();
  private final List<Agent> ofOtherClusters = new ArrayList<>();
  private final Set<Agent> all = new HashSet<>();
  private final Set<String> elsewhere = new HashSet<>();
  private final Map<String, String> nodeByUid = new HashMap<>();
  private final Map<String, String> nodeByPod = new HashMap<>();
  private final Map<String, Component> componentOn = new HashMap<>();
  private final Set<String> clusters = new HashSet<>();

  NodeAgents(ClusterEvidence evidence, Installation installation) {
    this.installation = installation;
    this.running = new RunningAgents(evidence, installation);
    this.at = evidence.at();
    for (Node node : evidence.nodes().values()) {
      if (!node.meta().uid().isEmpty()) {
        nodeByUid.put(node.meta().uid(), node.meta().name());
      }
    }
    for (Component component : installation.agents()) {
      for (Pod pod : component.pods()) {
        nodeByPod.put(pod.meta().uid(), pod.node());
        componentOn.putIfAbsent(pod.node(), component);
      }
    }
    List<Agent> listed = installation.attested().seen().orElse(List.of());
    // What the agents are configured with, and what those of this cluster attested with.
    installation.agents().stream().flatMap(NodeAgents::clusters).forEach(clusters::add);
    listed.stream()
        .filter(agent -> certainNode(agent).isPresent())
        .forEach(agent -> agent.cluster().ifPresent(clusters::add));
    listed.forEach(this::file);
    all.addAll(listed);
  }

  private void file(Agent agent) {
    Optional<String> node = certainNode(agent).or(() -> likelyNode(agent));
    if (node.isPresent()) {
      onNode.computeIfAbsent(node.get(), _ -> new ArrayList<>(1)).add(agent);
    } else if (isOfOtherCluster(agent)) {
      ofOtherClusters.add(agent);
      elsewhere.add(agent.id());
    } else if (tellsNode(agent)) {
      elsewhere.add(agent.id());
    } else {
      anywhere.add(agent);
    }
  }

  /** By what no two clusters have in common. */
  private Optional<String> certainNode(Agent agent) {
    return agent
        .nodeUid()
        .flatMap(uid -> Optional.ofNullable(nodeByUid.get(uid)))
        .or(() -> agent.podUid().flatMap(uid -> Optional.ofNullable(nodeByPod.get(uid))));
  }

  /** By name, where the UIDs of nodes are not seen. */
  private Optional<String> likelyNode(Agent agent) {
    return nodeByUid.isEmpty() && !isOfOtherCluster(agent) ? agent.nodeName() : Optional.empty();
  }

  /** Whether a node is told at all, so that one that is not found here is not here. */
  private boolean tellsNode(Agent agent) {
    return !nodeByUid.isEmpty() && agent.nodeUid().isPresent();
  }

  private boolean isOfOtherCluster(Agent agent) {
    return agent.cluster().filter(cluster -> !isOwn(cluster)).isPresent();
  }

  /** Whether a cluster's name is this one's, or might be. */
  boolean isOwn(String cluster) {
    return clusters.isEmpty() || clusters.contains(cluster);
  }

  /** Whether the server lists an agent. */
  boolean isListed(Agent agent) {
    return all.contains(agent);
  }

  /** Whether a node of this cluster has a UID. */
  boolean isNode(String uid) {
    return nodeByUid.containsKey(uid);
  }

  /** The agents of other clusters: no part of this one. */
  List<Agent> ofOtherClusters() {
    return ofOtherClusters;
  }

  /** Whether an agent is on no node of this cluster. */
  boolean isElsewhere(Agent agent) {
    return elsewhere.contains(agent.id());
  }

  /** Whether another agent runs now on the node of this cluster where an agent was. */
  boolean isReplaced(Agent agent) {
    return certainNode(agent).filter(node -> !on(node).contains(agent)).isPresent();
  }

  /** The agents that are listed of a node, valid or not; any of several may be the one. */
  List<Agent> on(String node) {
    Set<String> attestors = attestors(node);
    List<Agent> there =
        onNode.getOrDefault(node, List.of()).stream()
            .filter(agent -> attestors.isEmpty() || attestors.contains(agent.attestationType()))
            .filter(agent -> !isOfEarlierPod(agent, node))
            .toList();
    return running.among(
        node,
        there.isEmpty()
            ? anywhere.stream()
                .filter(agent -> attestors.isEmpty() || attestors.contains(agent.attestationType()))
                .toList()
            : there);
  }

  /** Whether it ended with a pod: it kept its keys in the pod alone. */
  private boolean isOfEarlierPod(Agent agent, String node) {
    return agent.byPod()
        && !isOfRunningPod(agent)
        && Optional.ofNullable(componentOn.get(node)).filter(c -> !keepsKeys(c)).isPresent();
  }

  private boolean isOfRunningPod(Agent agent) {
    return agent.podUid().filter(nodeByPod::containsKey).isPresent();
  }

  /** Whether the agents of a node may start as what they were before. */
  private static boolean keepsKeys(Component agents) {
    return !agents.config().known()
        || agents.config().value("agent", "data_dir").flatMap(agents::onNode).isPresent();
  }

  /** The node attestors of a node's agent; empty where its configuration does not show. */
  private Set<String> attestors(String node) {
    Collection<Component> its =
        Optional.ofNullable(componentOn.get(node)).map(List::of).orElse(installation.agents());
    return its.stream().allMatch(c -> c.config().known())
        ? its.stream().flatMap(NodeAgents::attestors).collect(Collectors.toSet())
        : Set.of();
  }

  private static Stream<String> clusters(Component agents) {
    return attestors(agents)
        .flatMap(
            plugin ->
                agents
                    .config()
                    .value("plugins", "NodeAttestor", plugin, "plugin_data", "cluster")
                    .stream());
  }

  private static Stream<String> attestors(Component agents) {
    return agents.config().keys("plugins", "NodeAttestor").stream();
  }

  /**
   * Whether a node's agent might be none of those that may be it.
   *
   * @param valid those of them that the server gives entries
   */
  boolean perhapsNone(String node, List<Agent> valid) {
    if (running.isNone(node, valid)) {
      return true;
    }
    List<Agent> told = onNode.getOrDefault(node, List.of());
    return valid.stream().noneMatch(told::contains)
        // Of more nodes than agents some have one that is not attested.
        ? componentOn.keySet().stream().filter(n -> !onNode.containsKey(n)).count() > valid.size()
        : valid.stream().allMatch(agent -> agent.byPod() && !isOfRunningPod(agent))
            && componentOn.containsKey(node);
  }

  /** Those of a node that the server gives entries. */
  List<Agent> validOn(String node) {
    return on(node).stream().filter(agent -> agent.validAt(at)).toList();
  }
}
