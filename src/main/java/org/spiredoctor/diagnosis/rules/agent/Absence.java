package org.spiredoctor.diagnosis.rules.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.kube.Node;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;

/** Why a node has none of the pods that each is to have; equal for nodes that lack it alike. */
public sealed interface Absence
    permits NotSelected, Repelled, Excluded, Unscheduled, Refused, Unexplained {

  /** The first reason that holds. */
  static Absence of(ClusterEvidence evidence, NodePods which, String name) {
    PodOwner owner = which.owner().orElse(null);
    Node node = evidence.nodes().get(name);
    if (owner == null) {
      return new Unexplained(which.name() + " are bare pods, so nothing makes one for every node");
    }
    Map<String, String> selector = new TreeMap<>(owner.template().nodeSelector());
    if (node != null) {
      selector.entrySet().removeIf(e -> e.getValue().equals(node.meta().labels().get(e.getKey())));
    }
    if (!selector.isEmpty()) {
      return new NotSelected(selector, node != null);
    }
    JsonNode spec = Placement.spec(evidence, owner);
    if (node != null) {
      Optional<Node.Taint> taint = Placement.repels(node, owner, spec);
      if (taint.isPresent()) {
        return new Repelled(taint.get(), spec.path("tolerations").size() > 0);
      }
      if (!Placement.affinityAllows(node, spec)) {
        return new Excluded(spec.at(Placement.AFFINITY).toString());
      }
    }
    return which.pods().stream()
        .filter(pod -> pod.node().isEmpty())
        .flatMap(pod -> pod.conditions().stream())
        .filter(condition -> condition.denies("PodScheduled"))
        .map(condition -> (Absence) new Unscheduled(condition.message()))
        .findFirst()
        .or(() -> refusal(evidence, owner))
        .orElseGet(() -> new Unexplained(beingReplaced(which, name)));
  }

  private static Optional<Absence> refusal(ClusterEvidence evidence, PodOwner owner) {
    return evidence.eventsOf(owner.kind(), owner.meta()).stream()
        .filter(event -> event.reason().equals("FailedCreate"))
        .reduce((first, last) -> last)
        .map(event -> new Refused(event.message()));
  }

  private static String beingReplaced(NodePods which, String node) {
    return Optional.ofNullable(which.leaving().get(node))
        .map(Pod::inWords)
        .map(pod -> pod + " is being deleted there; another may be made in a moment")
        .orElse("no reason is to be seen in the node, the DaemonSet or its events");
  }

  /** What follows "No SPIRE agent runs on NODE", or the like. */
  String inWords(NodePods which);

  /** What shows it. */
  List<Quote> quotes(NodePods which);

  /** What brings one there. */
  List<Remedy> remedies(NodePods which, String node);

  /** Whether its DaemonSet is not for this node, and so does not count it. */
  default boolean byDesign() {
    return false;
  }

  /** How sure it is that this is the reason. */
  default Confidence confidence() {
    return Confidence.CERTAIN;
  }
}
