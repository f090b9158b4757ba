package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * A service: a name and address that stand for pods.
 *
 * @param headless whether its name leads to the pods themselves, so that it maps no ports
 * @param selector the labels of its pods; empty when its endpoints are kept by hand or elsewhere
 */
public record Service(
    String namespace,
    String name,
    boolean headless,
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
        service.path("metadata").path("namespace").asText(),
        service.path("metadata").path("name").asText(),
        spec.path("clusterIP").asText().equals("None"),
        Json.strings(spec.path("selector")),
        Json.list(
            spec.path("ports"),
            port ->
                new Port(
                    port.path("name").asText(),
                    port.path("port").asInt(),
                    port.path("targetPort").asText(port.path("port").asText()))));
  }

  /** Whether it stands for pods with these labels. */
  public boolean selects(Map<String, String> labels) {
    return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
  }

  /** {@code spire-system/spire-server}. */
  public String inWords() {
    return namespace + "/" + name;
  }
}
