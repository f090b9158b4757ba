package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** A container's environment: all names, and the values that say where the Workload API is. */
final class Variables {
  private static final Set<String> KEPT =
      Set.of(
          "SPIFFE_ENDPOINT_SOCKET",
          "SPIRE_AGENT_SOCKET",
          "SPIRE_TRUST_DOMAIN",
          "SOCKET_DIR",
          "SOCKET_FILE",
          "TRUST_DOMAIN",
          "MY_NODE_NAME");

  private Variables() {}

  static ArrayNode kept(JsonNode variables) {
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    for (JsonNode variable : variables) {
      String name = variable.path("name").asText();
      ObjectNode one = kept.addObject().put("name", name);
      if (KEPT.contains(name) && variable.path("value").isTextual()) {
        one.put("value", Redaction.text(variable.path("value").asText()));
      }
    }
    return kept;
  }
}
