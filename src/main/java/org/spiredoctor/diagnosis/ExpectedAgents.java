package org.spiredoctor.diagnosis;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;

/** What the agents of an installation will be once they have attested by k8s_psat. */
final class ExpectedAgents {
  private final ClusterEvidence evidence;
  private final Installation installation;

  ExpectedAgents(ClusterEvidence evidence, Installation installation) {
    this.evidence = evidence;
    this.installation = installation;
  }

  /** What the agent of a node will be when it is attested. */
  Optional<Agent> on(String node) {
    Component component = installation.agents().stream().findFirst().orElse(null);
    String domain = installation.trustDomain().or(evidence.query()::trustDomain).orElse(null);
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

  private String uid(String node, String otherwise) {
    return Optional.ofNullable(evidence.nodes().get(node))
        .map(n -> n.meta().uid())
        .orElse(otherwise);
  }

  /** The selectors by which a node alias means all agents; empty when their cluster is unknown. */
  Set<Selector> aliasSelectors() {
    return installation.agents().stream()
        // A node alias trusts the agents that it means.
        .filter(Component::isCorroborated)
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
