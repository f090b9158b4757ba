package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A node.
 *
 * @param kubeletPort at which its kubelet serves TLS; absent where it was not seen
 */
public record Node(
    Meta meta,
    boolean unschedulable,
    List<Taint> taints,
    List<Pod.Condition> conditions,
    Map<String, String> info,
    OptionalInt kubeletPort) {

  /** What keeps pods away. */
  public record Taint(String key, String value, String effect) {
    /** {@code key=value:NoSchedule}. */
    public String inWords() {
      return key + (value.isEmpty() ? "" : "=" + value) + ":" + effect;
    }
  }

  /** Of the API's JSON. */
  public static Node of(JsonNode node) {
    JsonNode spec = node.path("spec");
    return new Node(
        Meta.of(node),
        spec.path("unschedulable").asBoolean(),
        Json.list(
            spec.path("taints"),
            taint ->
                new Taint(
                    taint.path("key").asText(),
                    taint.path("value").asText(),
                    taint.path("effect").asText())),
        Json.list(node.path("status").path("conditions"), Pod.Condition::of),
        Json.strings(node.path("status").path("nodeInfo")),
        kubeletPort(node));
  }

  private static OptionalInt kubeletPort(JsonNode node) {
    JsonNode port =
        node.path("status").path("daemonEndpoints").path("kubeletEndpoint").path("Port");
    return port.isInt() ? OptionalInt.of(port.asInt()) : OptionalInt.empty();
  }

  /** Whether its kubelet says that all is well. */
  public boolean ready() {
    return conditions.stream().anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
  }
}
