package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A daemon set, stateful set, deployment or replica set.
 *
 * @param wanted how many pods it should have
 * @param ready how many are ready
 * @param template its pods, as they will be; without node and status
 * @param onDelete whether it replaces a pod only once somebody has deleted it
 * @param selector by which it knows its pods, as {@code kubectl -l} takes it
 */
public record PodOwner(
    String kind,
    Meta meta,
    int wanted,
    int ready,
    Pod template,
    boolean onDelete,
    String selector) {

  /** Of the API's JSON. */
  public static PodOwner of(String kind, JsonNode owner) {
    JsonNode spec = owner.path("spec");
    JsonNode status = owner.path("status");
    boolean daemonSet = kind.equals("DaemonSet");
    return new PodOwner(
        kind,
        Meta.of(owner),
        daemonSet ? status.path("desiredNumberScheduled").asInt() : spec.path("replicas").asInt(1),
        daemonSet ? status.path("numberReady").asInt() : status.path("readyReplicas").asInt(),
        Pod.of(spec.path("template")),
        spec.at("/updateStrategy/type").asText().equals("OnDelete"),
        selector(spec.path("selector")));
  }

  private static String selector(JsonNode selector) {
    Stream<String> labels =
        Json.strings(selector.path("matchLabels")).entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue());
    Stream<String> expressions =
        Json.list(selector.path("matchExpressions"), PodOwner::expression).stream();
    return Stream.concat(labels, expressions).sorted().collect(Collectors.joining(","));
  }

  private static String expression(JsonNode expression) {
    String key = expression.path("key").asText();
    String values =
        Json.list(expression.path("values"), JsonNode::asText).stream()
            .collect(Collectors.joining(",", " (", ")"));
    return switch (expression.path("operator").asText()) {
      case "Exists" -> key;
      case "DoesNotExist" -> "!" + key;
      case "NotIn" -> key + " notin" + values;
      default -> key + " in" + values;
    };
  }
}
