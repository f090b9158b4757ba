package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.spiredoctor.kube.Access;
import org.spiredoctor.kube.Json;

/** What service accounts may do, in a bundle; bundles of earlier versions do not have it. */
final class BundledAccess {
  private BundledAccess() {}

  static void write(JsonGenerator json, Map<Access, Observed<Boolean>> access) throws IOException {
    json.writeArrayFieldStart("access");
    for (Map.Entry<Access, Observed<Boolean>> one : access.entrySet()) {
      Access question = one.getKey();
      json.writeStartObject();
      json.writeStringField("account", question.account());
      json.writeStringField("verb", question.verb());
      json.writeStringField("group", question.group());
      json.writeStringField("resource", question.resource());
      json.writeStringField("namespace", question.namespace().orElse(""));
      json.writeStringField("name", question.name());
      json.writeFieldName("allowed");
      ObservedJson.write(json, one.getValue(), json::writeBoolean);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static Map<Access, Observed<Boolean>> read(JsonNode json) {
    Map<Access, Observed<Boolean>> access = new LinkedHashMap<>();
    for (JsonNode one : json) {
      access.put(
          new Access(
              one.path("account").asText(),
              one.path("verb").asText(),
              one.path("group").asText(),
              one.path("resource").asText(),
              Json.text(one.path("namespace")),
              one.path("name").asText()),
          ObservedJson.truth(one.path("allowed")));
    }
    return access;
  }
}
