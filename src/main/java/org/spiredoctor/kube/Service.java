package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * A service.
 *
 * @param externalName what it stands for, of the type {@code ExternalName}; else empty
 * @param selector the labels of its pods; empty when it has none of its own
 */
public record Service(
    Meta meta, String clusterIp, String externalName, Map<String, String> selector) {

  /** Of the API's JSON. */
  public static Service of(JsonNode service) {
    JsonNode spec = service.path("spec");
    return new Service(
        Meta.of(service),
        spec.path("clusterIP").asText(),
        spec.path("externalName").asText(),
        Json.strings(spec.path("selector")));
  }

  /** Whether it leads to a pod. */
  public boolean selects(Pod pod) {
    return !selector.isEmpty() && pod.meta().labels().entrySet().containsAll(selector.entrySet());
  }
}
