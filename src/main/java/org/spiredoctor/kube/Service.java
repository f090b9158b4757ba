package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * A service: a name and address that stand for pods.
 *
 * @param clusterIp its address; {@code None} for one whose name leads to the pods themselves
 * @param externalName what it stands for, of the type {@code ExternalName}; else empty
 * @param selector the labels of its pods; empty when its endpoints are kept by hand or elsewhere
 */
public record Service(
    Meta meta,
    String clusterIp,
    String externalName,
    Map<String, String> selector,
    List<Port> ports) {

  /**
   * A port of it.
   *
   * @param target number or name of the pods' port
   */
  public record Port(String name, int number, String target) {}

  /** Of the API's JSON. */
  public static Service of(JsonNode service) {
    JsonNode spec = service.path("spec");
    return new Service(
        Meta.of(service),
        spec.path("clusterIP").asText(),
        spec.path("externalName").asText(),
        Json.strings(spec.path("selector")),
        Json.list(
            spec.path("ports"),
            port ->
                new Port(
                    port.path("name").asText(),
                    port.path("port").asInt(),
                    port.path("targetPort").asText(port.path("port").asText()))));
  }

  /** Whether its name leads to the pods themselves, so that it maps no ports. */
  public boolean headless() {
    return clusterIp.equals("None");
  }

  /** Whether it leads to a pod. */
  public boolean selects(Pod pod) {
    return selects(pod.meta().labels());
  }

  /** Whether it stands for pods with these labels. */
  public boolean selects(Map<String, String> labels) {
    return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
  }

  /** {@code spire-system/spire-server}. */
  public String inWords() {
    return meta.inWords();
  }
}
