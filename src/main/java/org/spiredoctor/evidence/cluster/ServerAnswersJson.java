package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.ServerRoute.By;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.kube.Json;

/** What a SPIRE server said, in an evidence bundle. */
final class ServerAnswersJson {
  private ServerAnswersJson() {}

  static void write(JsonGenerator json, ServerAnswers said) throws IOException {
    json.writeObjectFieldStart("route");
    json.writeStringField("by", said.route().by().name());
    json.writeStringField("address", said.route().address());
    json.writeStringField("as", said.route().as().orElse(""));
    json.writeEndObject();
    json.writeFieldName("health");
    ObservedJson.write(json, said.health(), json::writeString);
    json.writeFieldName("agents");
    ObservedJson.write(json, said.agents(), all -> ServerJsonWriter.writeAgents(json, all));
    json.writeFieldName("entries");
    ObservedJson.write(json, said.entries(), all -> ServerJsonWriter.writeEntries(json, all));
    json.writeFieldName("bundle");
    ObservedJson.write(json, said.bundle(), one -> ServerTrustWriter.write(json, one));
    json.writeFieldName("federatedBundles");
    ObservedJson.write(json, said.federated(), all -> ServerTrustWriter.writeBundles(json, all));
    json.writeFieldName("federationRelationships");
    ObservedJson.write(
        json, said.relationships(), all -> ServerTrustWriter.writeRelationships(json, all));
    json.writeFieldName("version");
    ObservedJson.write(json, said.version(), json::writeString);
    json.writeFieldName("info");
    ObservedJson.write(json, said.info(), one -> ServerTrustWriter.write(json, one));
  }

  static ServerRoute route(JsonNode json, Name name) {
    String by = json.path("by").asText();
    return Stream.of(By.values())
        .filter(one -> one.name().equals(by))
        .findFirst()
        .map(one -> new ServerRoute(one, json.path("address").asText(), as(json)))
        // At first there was no other.
        .orElseGet(() -> ServerRoute.exec(name));
  }

  private static Optional<String> as(JsonNode json) {
    return Json.text(json.path("as"));
  }
}
