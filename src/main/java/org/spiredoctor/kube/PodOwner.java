package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * A daemon set, stateful set, deployment or replica set.
 *
 * @param wanted how many pods it should have
 * @param ready how many are ready
 * @param template its pods, as they will be; without node and status
 * @param onDelete whether it replaces a pod only once somebody has deleted it
 * @param matchLabels the labels by which it knows its pods
 */
public record PodOwner(
    String kind,
    Meta meta,
    int wanted,
    int ready,
    Pod template,
    boolean onDelete,
    Map<String, String> matchLabels) {

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
        Json.strings(spec.at("/selector/matchLabels")));
  }
}
