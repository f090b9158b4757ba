package org.spiredoctor.diagnosis;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.kube.Pod;

/**
 * Which of the agents that a server lists of a node is the one that runs there. A server lists an
 * agent until its SVID has expired, and longer: after a change of the cluster's name or a new join
 * token the one before stands beside the one that runs (SPIRE, {@code agent list}).
 */
final class RunningAgents {
  /** How an agent says its id: when it has attested, and when it starts with what it kept. */
  private static final List<String> TELL_ID =
      List.of("Node attestation was successful", "SVID loaded");

  private record Running(Component component, Pod pod) {}

  private final ClusterEvidence evidence;
  private final Map<String, List<Running>> onNode;
  private final Map<String, Set<String>> ids = new HashMap<>();

  RunningAgents(ClusterEvidence evidence, Installation installation) {
    this.evidence = evidence;
    this.onNode =
        installation.agents().stream()
            .flatMap(agents -> agents.pods().stream().map(pod -> new Running(agents, pod)))
            .filter(one -> !one.pod().node().isEmpty() && !one.pod().over())
            .collect(Collectors.groupingBy(one -> one.pod().node()));
  }

  /** The one, or those that cannot be told apart; all where nothing tells, the likeliest first. */
  List<Agent> among(String node, List<Agent> listed) {
    return Stream.<Predicate<Agent>>of(
            agent -> ids(node).contains(agent.id()),
            agent -> agent.podUid().filter(uid -> isOnlyPod(node, uid)).isPresent(),
            agent -> agent.cluster().filter(clusters(node)::contains).isPresent())
        .map(tells -> listed.stream().filter(tells).toList())
        .filter(some -> !some.isEmpty())
        .findFirst()
        .orElseGet(() -> latestFirst(listed));
  }

  /** Whether the agent that runs is none of these, as far as it tells: another, or none yet. */
  boolean isNone(String node, List<Agent> listed) {
    if (!ids(node).isEmpty()) {
      return listed.stream().noneMatch(agent -> ids(node).contains(agent.id()));
    }
    return !clusters(node).isEmpty()
        && listed.stream().allMatch(agent -> agent.cluster().isPresent())
        && listed.stream()
            .noneMatch(
                agent ->
                    agent.cluster().filter(clusters(node)::contains).isPresent()
                        || agent.podUid().filter(uid -> isOnlyPod(node, uid)).isPresent());
  }

  /** What a node's agents say that they are; empty where one of them does not say it. */
  private Set<String> ids(String node) {
    return ids.computeIfAbsent(
        node,
        _ -> {
          Set<String> told = new HashSet<>();
          for (Running one : on(node)) {
            Optional<String> id = id(one);
            if (id.isEmpty()) {
              return Set.of();
            }
            told.add(id.get());
          }
          return told;
        });
  }

  private Optional<String> id(Running one) {
    return one.component()
        .role()
        .container(one.pod())
        .map(container -> evidence.log(one.pod(), container.name()))
        .flatMap(
            log ->
                log.lines().reversed().stream()
                    .filter(line -> TELL_ID.contains(line.message()))
                    .findFirst())
        .map(Log.Line::spiffeId)
        .filter(id -> !id.isEmpty());
  }

  /**
   * The clusters that a node's agents are configured with; empty where that is not known of one.
   */
  private Set<String> clusters(String node) {
    List<Optional<String>> configured =
        on(node).stream().map(one -> one.component().config().cluster()).toList();
    return configured.stream().allMatch(Optional::isPresent)
        ? configured.stream().flatMap(Optional::stream).collect(Collectors.toSet())
        : Set.of();
  }

  private boolean isOnlyPod(String node, String uid) {
    return on(node).size() == 1 && on(node).getFirst().pod().meta().uid().equals(uid);
  }

  /**
   * An agent that runs renews its SVID when half of its time is over, and one that does not, never;
   * but the one before may have had a longer time.
   */
  private static List<Agent> latestFirst(List<Agent> listed) {
    return listed.stream()
        .sorted(
            Comparator.comparing((Agent agent) -> agent.expiresAt().orElse(Instant.MIN)).reversed())
        .toList();
  }

  private List<Running> on(String node) {
    return onNode.getOrDefault(node, List.of());
  }
}
