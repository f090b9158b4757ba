package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A volume of a pod, as far as it matters to an identity. */
public sealed interface Volume {

  /** Its name in the pod. */
  String name();

  /** A path of the node. */
  record HostPath(String name, String path, String type) implements Volume {}

  /** A volume that a CSI driver makes. */
  record Csi(String name, String driver, boolean readOnly) implements Volume {}

  /** A config map. */
  record ConfigMap(String name, String configMap) implements Volume {}

  /**
   * Projected service account tokens.
   *
   * @param audiences of each token
   */
  record Tokens(String name, List<String> audiences, List<String> paths) implements Volume {}

  /** A claim of a persistent volume. */
  record Claim(String name, String claim) implements Volume {}

  /** Any other; {@code kind} is its field's name. */
  record Other(String name, String kind) implements Volume {}

  static Volume of(JsonNode volume) {
    String name = volume.path("name").asText();
    JsonNode hostPath = volume.path("hostPath");
    if (hostPath.isObject()) {
      return new HostPath(name, hostPath.path("path").asText(), hostPath.path("type").asText());
    }
    JsonNode csi = volume.path("csi");
    if (csi.isObject()) {
      return new Csi(name, csi.path("driver").asText(), csi.path("readOnly").asBoolean());
    }
    JsonNode configMap = volume.path("configMap");
    if (configMap.isObject()) {
      return new ConfigMap(name, configMap.path("name").asText());
    }
    JsonNode claim = volume.path("persistentVolumeClaim");
    if (claim.isObject()) {
      return new Claim(name, claim.path("claimName").asText());
    }
    List<JsonNode> tokens =
        Json.list(volume.path("projected").path("sources"), s -> s.path("serviceAccountToken"))
            .stream()
            .filter(JsonNode::isObject)
            .toList();
    if (!tokens.isEmpty()) {
      return new Tokens(
          name,
          tokens.stream().map(token -> token.path("audience").asText()).toList(),
          tokens.stream().map(token -> token.path("path").asText()).toList());
    }
    String kind =
        volume
            .propertyStream()
            .map(f -> f.getKey())
            .filter(f -> !f.equals("name"))
            .findFirst()
            .orElse("");
    return new Other(name, kind);
  }
}
