package org.spiredoctor.diagnosis.rules.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.kube.Json;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Node;
import org.spiredoctor.kube.PodOwner;

/** Whether a node lets an owner's pods in, and they want it. */
final class Placement {
  /** In the pods' spec. */
  static final String AFFINITY =
      "/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution";

  /** What the DaemonSet controller adds to every pod; so a cordon keeps no agent away. */
  private static final Set<String> TOLERATED_BY_DAEMON_SETS =
      Set.of(
          "node.kubernetes.io/not-ready",
          "node.kubernetes.io/unreachable",
          "node.kubernetes.io/disk-pressure",
          "node.kubernetes.io/memory-pressure",
          "node.kubernetes.io/pid-pressure",
          "node.kubernetes.io/unschedulable",
          "node.kubernetes.io/network-unavailable");

  private Placement() {}

  /** The spec of an owner's pods, with the parts that {@link PodOwner} does not have. */
  static JsonNode spec(ClusterEvidence evidence, PodOwner owner) {
    Kind kind =
        switch (owner.kind()) {
          case "DaemonSet" -> Kind.DAEMON_SET;
          case "StatefulSet" -> Kind.STATEFUL_SET;
          default -> Kind.DEPLOYMENT;
        };
    return evidence.snapshot().objects(kind).seen().orElse(List.of()).stream()
        .filter(json -> json.at("/metadata/uid").asText().equals(owner.meta().uid()))
        .findFirst()
        .map(json -> json.at("/spec/template/spec"))
        .orElse(MissingNode.getInstance());
  }

  /** The first taint that is not tolerated. */
  static Optional<Node.Taint> repels(Node node, PodOwner owner, JsonNode spec) {
    return node.taints().stream()
        .filter(taint -> !taint.effect().equals("PreferNoSchedule"))
        .filter(
            taint ->
                !owner.kind().equals("DaemonSet")
                    || !TOLERATED_BY_DAEMON_SETS.contains(taint.key()))
        .filter(taint -> stream(spec.path("tolerations")).noneMatch(t -> tolerates(t, taint)))
        .findFirst();
  }

  private static boolean tolerates(JsonNode toleration, Node.Taint taint) {
    String key = toleration.path("key").asText();
    String effect = toleration.path("effect").asText();
    boolean exists = toleration.path("operator").asText().equals("Exists");
    return (effect.isEmpty() || effect.equals(taint.effect()))
        && (key.equals(taint.key()) || (key.isEmpty() && exists))
        && (exists || toleration.path("value").asText().equals(taint.value()));
  }

  /** Whether one of the terms holds; what is not understood is taken to hold. */
  static boolean affinityAllows(Node node, JsonNode spec) {
    JsonNode terms = spec.at(AFFINITY).path("nodeSelectorTerms");
    return terms.isEmpty()
        || stream(terms)
            .anyMatch(
                term ->
                    stream(term.path("matchExpressions"))
                        .allMatch(wanted -> holds(wanted, node.meta().labels().get(key(wanted)))));
  }

  private static String key(JsonNode wanted) {
    return wanted.path("key").asText();
  }

  private static boolean holds(JsonNode wanted, @Nullable String label) {
    List<String> values = Json.texts(wanted.path("values"));
    return switch (wanted.path("operator").asText()) {
      case "In" -> label != null && values.contains(label);
      case "NotIn" -> label == null || !values.contains(label);
      case "Exists" -> label != null;
      case "DoesNotExist" -> label == null;
      default -> true;
    };
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
