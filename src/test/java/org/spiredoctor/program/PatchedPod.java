package org.spiredoctor.program;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** A pod's manifest with a remedy's patch put in, as a person would: lists by name. */
final class PatchedPod {
  private static final YAMLMapper YAML = new YAMLMapper();

  private PatchedPod() {}

  static String of(String pod, String patch) {
    try {
      ObjectNode manifest = (ObjectNode) YAML.readTree(pod);
      ObjectNode spec = (ObjectNode) manifest.get("spec");
      JsonNode changes = YAML.readTree(patch);
      changes.path("volumes").forEach(volume -> put(spec.withArray("volumes"), "name", volume));
      ObjectNode container = (ObjectNode) spec.at("/containers/0");
      merge(container, changes);
      changes.path("containers").forEach(change -> merge(container, change));
      return YAML.writeValueAsString(manifest);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not YAML: " + patch, e);
    }
  }

  private static void merge(ObjectNode container, JsonNode change) {
    change.path("env").forEach(one -> put(container.withArray("env"), "name", one));
    change
        .path("volumeMounts")
        .forEach(one -> put(container.withArray("volumeMounts"), "name", one));
  }

  private static void put(ArrayNode list, String key, JsonNode item) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).get(key).equals(item.get(key))) {
        list.set(i, item);
        return;
      }
    }
    list.add(item);
  }
}
