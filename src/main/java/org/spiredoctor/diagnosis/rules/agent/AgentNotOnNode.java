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
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.diagnosis.Words;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;

/** Pods run on a node that has no agent. */
@AutoService(Rule.class)
public final class AgentNotOnNode implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(cluster.evidence().pods(), _ -> outcomes(cluster));
  }

  private List<Outcome> outcomes(ClusterCase cluster) {
    if (cluster.evidence().agents().isEmpty()) {
      return List.of(new Outcome.NotApplicable("there are no agents"));
    }
    List<Outcome> found = new ArrayList<>();
    for (InstallationCase one : cluster.installations()) {
      // Where there are several kinds of agents, each for its nodes, the first is judged.
      one.installation().agents().stream()
          .findFirst()
          .ifPresent(agents -> found.addAll(judge(cluster, one, agents)));
    }
    return found;
  }

  private List<Outcome> judge(ClusterCase cluster, InstallationCase one, Component agents) {
    Optional<String> unlisted = cluster.evidence().unlisted(agents);
    if (unlisted.isPresent()) {
      return List.of(new Outcome.Unknown(unlisted.get()));
    }
    Map<Absence, List<String>> groups = new LinkedHashMap<>();
    NodePods which = NodePods.of(cluster.evidence(), agents);
    Set<String> concerned = new LinkedHashSet<>(nodes(cluster, one));
    concerned.addAll(lacking(cluster, one, agents));
    for (String node : concerned) {
      if (one.agentPodOn(node).isEmpty()) {
        groups
            .computeIfAbsent(Absence.of(cluster.evidence(), which, node), _ -> new ArrayList<>())
            .add(node);
      }
    }
    List<Outcome> found = new ArrayList<>();
    if (groups.isEmpty() && missing(agents) > 0) {
      found.add(tooFew(cluster, one, agents));
    }
    groups.forEach((why, nodes) -> found.add(finding(cluster, one, agents, why, nodes)));
    return found;
  }

  /** How many pods fewer there are than a DaemonSet is to have, one on each of its nodes. */
  private static int missing(Component agents) {
    return agents
        .owner()
        .filter(owner -> owner.kind().equals("DaemonSet"))
        .map(owner -> owner.wanted() - agents.pods().size())
        .orElse(0);
  }

  /** Nodes that a DaemonSet with too few pods is for, and on which it has none. */
  private static List<String> lacking(ClusterCase cluster, InstallationCase one, Component agents) {
    NodePods which = NodePods.of(cluster.evidence(), agents);
    return missing(agents) <= 0
        ? List.of()
        : cluster.evidence().nodes().keySet().stream()
            .filter(node -> one.agentPodOn(node).isEmpty())
            .filter(node -> !Absence.of(cluster.evidence(), which, node).byDesign())
            .toList();
  }

  private Outcome tooFew(ClusterCase cluster, InstallationCase one, Component agents) {
    PodOwner owner = agents.owner().orElseThrow();
    return cluster
        .name(one, Finding.error(this, Subject.of(agents), cluster.scope(one)))
        .confidence(Finding.Confidence.LIKELY)
        .seen(
            agents.inWords(),
            "wants " + Words.counted(owner.wanted(), "pod") + ", has " + agents.pods().size())
        .remedy(
            new Remedy.Command(
                "See in its events why it creates no pod for the others",
                Kubectl.describe(owner.kind(), owner.meta())))
        .found(
            "The agents' "
                + agents.inWords()
                + " lacks "
                + missing(agents)
                + " of "
                + Words.counted(owner.wanted(), "pod")
                + ", so pods on those nodes get no identity");
  }

  /** Those of the examined pods; where there is no agent at all, and no pod, every node. */
  private static Set<String> nodes(ClusterCase cluster, InstallationCase one) {
    Set<String> nodes =
        cluster.pods().stream()
            .filter(pod -> !pod.over() && !pod.node().isEmpty())
            .filter(pod -> cluster.home(pod).filter(one::equals).isPresent())
            .map(Pod::node)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return nodes.isEmpty() && one.agentPods().findAny().isEmpty()
        ? cluster.evidence().nodes().keySet()
        : nodes;
  }

  private Outcome finding(
      ClusterCase cluster,
      InstallationCase one,
      Component agents,
      Absence why,
      List<String> nodes) {
    String node = nodes.getFirst();
    Set<String> all = Set.copyOf(nodes);
    List<String> pods =
        cluster.pods().stream()
            .filter(pod -> all.contains(pod.node()))
            .filter(pod -> cluster.home(pod).filter(one::equals).isPresent())
            .map(Pod::inWords)
            .toList();
    Finding.Builder finding =
        Finding.error(this, Subject.node(node), cluster.scope(one, all))
            .confidence(why.confidence());
    cluster.name(one, finding);
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
    NodePods which = NodePods.of(cluster.evidence(), agents);
    Set<Finding.Quote> quotes = new LinkedHashSet<>(why.quotes(which));
    List<Remedy> remedies = new ArrayList<>(why.remedies(which, node));
    drivers(cluster, agents, node, quotes, remedies);
    quotes.forEach(quote -> finding.seen(quote.source(), quote.text()));
    remedies.forEach(finding::remedy);
    return finding.found("No SPIRE agent runs on " + node + why.inWords(which));
  }

  /**
   * What keeps the agents away keeps away the CSI driver as well, which is not theirs to change.
   */
  private static void drivers(
      ClusterCase cluster,
      Component agents,
      String node,
      Set<Finding.Quote> quotes,
      List<Remedy> remedies) {
    for (NodePods driver : NodePods.drivers(cluster, agents)) {
      Absence why = Absence.of(cluster.evidence(), driver, node);
      if (!driver.isOn(node) && why.byDesign()) {
        quotes.addAll(why.quotes(driver));
        remedies.addAll(why.remedies(driver, node));
      }
    }
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_ABSENT, Effect.AGENT_NOT_ON_NODE);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.AGENT_NOT_ON_NODE);
  }
}
