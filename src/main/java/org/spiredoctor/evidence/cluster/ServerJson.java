package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.kube.Json;

/**
 * Reads what {@code spire-server … -output json} prints, item by item: a million entries are never
 * in memory as text, and equal selectors and ids are held once.
 */
final class ServerJson {
  /** What comes after the JSON is still to be read: whether the program ended well. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);

  private final Map<String, String> texts = new HashMap<>();
  private final Map<Selector, Selector> selectors = new HashMap<>();

  /** The answer of {@code entry show}. */
  List<Entry> entries(InputStream json) throws IOException {
    return items(json, "entries", this::entry);
  }

  /** The answer of {@code agent list}. */
  List<Agent> agents(InputStream json) throws IOException {
    return items(json, "agents", this::agent);
  }

  private static <T> List<T> items(InputStream json, String name, Function<JsonNode, T> read)
      throws IOException {
    List<T> items = new ArrayList<>();
    try (JsonParser parser = MAPPER.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not the JSON of " + name);
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals(name);
        if (parser.nextToken() == JsonToken.START_ARRAY && wanted) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            items.add(read.apply(MAPPER.readTree(parser)));
          }
        } else {
          parser.skipChildren();
        }
      }
    }
    return List.copyOf(items);
  }

  Entry entry(JsonNode entry) {
    return new Entry(
        entry.path("id").asText(),
        id(entry.path("spiffe_id")),
        id(entry.path("parent_id")),
        selectors(entry.path("selectors")),
        Json.seconds(entry.path("expires_at")),
        Json.seconds(entry.path("created_at")),
        entry.path("downstream").asBoolean(),
        entry.path("store_svid").asBoolean(),
        entry.path("hint").asText(),
        Json.texts(entry.path("federates_with")),
        new Entry.Settings(
            entry.path("admin").asBoolean(),
            entry.path("x509_svid_ttl").asInt(),
            entry.path("jwt_svid_ttl").asInt(),
            Json.texts(entry.path("dns_names"))));
  }

  Agent agent(JsonNode agent) {
    return new Agent(
        id(agent.path("id")),
        agent.path("attestation_type").asText(),
        selectors(agent.path("selectors")),
        agent.path("banned").asBoolean(),
        agent.path("can_reattest").asBoolean(),
        Json.seconds(agent.path("x509svid_expires_at")),
        Json.text(agent.path("agent_version")));
  }

  private String id(JsonNode id) {
    String text = SpiffeIds.of(id.path("trust_domain").asText(), id.path("path").asText());
    return texts.computeIfAbsent(text, t -> t);
  }

  private Set<Selector> selectors(JsonNode array) {
    Set<Selector> set = new LinkedHashSet<>();
    for (JsonNode one : array) {
      Selector selector = new Selector(one.path("type").asText(), one.path("value").asText());
      set.add(selectors.computeIfAbsent(selector, s -> s));
    }
    return Set.copyOf(set);
  }
}
