package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Pod;

/** Pods run on a node that has no agent. */
@AutoService(Rule.class)
public final class AgentNotOnNode implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    ClusterEvidence evidence = cluster.evidence();
    Optional<String> missing = evidence.pods().missing();
    if (missing.isPresent()) {
      return List.of(new Outcome.Unknown(missing.get()));
    }
    // Where there are several kinds of agents, each for its nodes, the first is judged.
    Component agents = evidence.agents().stream().findFirst().orElse(null);
    if (agents == null) {
      return List.of(new Outcome.NotApplicable("there are no agents"));
    }
    Map<Absence, List<String>> groups = new LinkedHashMap<>();
    for (String node : nodes(cluster)) {
      if (cluster.agentPodOn(node).isEmpty()) {
        groups
            .computeIfAbsent(Absence.of(evidence, agents, node), _ -> new ArrayList<>())
            .add(node);
      }
    }
    List<Outcome> found = new ArrayList<>();
    groups.forEach((why, nodes) -> found.add(finding(cluster, agents, why, nodes)));
    return found.isEmpty() ? List.of(new Outcome.Passed()) : found;
  }

  /** Those of the examined pods; where there is no agent at all, and no pod, every node. */
  private static Set<String> nodes(ClusterCase cluster) {
    Set<String> nodes =
        cluster.pods().stream()
            .filter(pod -> !pod.over() && !pod.node().isEmpty())
            .map(Pod::node)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return nodes.isEmpty() && cluster.agentPods().findAny().isEmpty()
        ? cluster.evidence().nodes().keySet()
        : nodes;
  }

  private Outcome finding(ClusterCase cluster, Component agents, Absence why, List<String> nodes) {
    String node = nodes.getFirst();
    List<String> pods =
        cluster.pods().stream()
            .filter(pod -> nodes.contains(pod.node()))
            .map(Pod::inWords)
            .toList();
    Finding.Builder finding =
        Finding.error(this, Subject.node(node))
            .confidence(why.confidence())
            .scope(
                nodes.size() == 1
                    ? Scope.node(node)
                    : new Scope(Optional.empty(), Set.copyOf(pods)));
    if (!pods.isEmpty()) {
      finding.seen(
          "Kubernetes",
          "on " + node + ": " + pods.stream().limit(3).collect(Collectors.joining(", ")));
    }
    if (nodes.size() > 1) {
      finding.seen(
          "Kubernetes",
          "no agent either on "
              + nodes.stream().skip(1).limit(5).collect(Collectors.joining(", "))
              + (nodes.size() > 6 ? " and " + (nodes.size() - 6) + " more" : ""));
    }
    why.quotes().forEach(quote -> finding.seen(quote.source(), quote.text()));
    why.remedies(agents, node).forEach(finding::remedy);
    return finding.found("No SPIRE agent runs on " + node + why.inWords());
  }

  @Override
  public Set<Class<? extends Rule>> explainedBy() {
    return Set.of(AgentNotFound.class);
  }
}
