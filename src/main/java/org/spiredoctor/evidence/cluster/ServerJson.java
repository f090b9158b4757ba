package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Pool;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Json;
import org.spiredoctor.kube.Redaction;

/**
 * Reads what {@code spire-server … -output json} prints, item by item: a million entries are never
 * in memory as text, and equal selectors and ids are held once.
 */
final class ServerJson {
  /** What comes after the JSON is still to be read: whether the program ended well. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);

  /** SPIRE keeps no entry or agent that is nearly as large. */
  private static final int LARGEST_ITEM = 4 * 1024 * 1024;

  private static final int MOST_ITEMS = 1_000_000;

  static final String ATTRIBUTES = "additional_attributes";

  private final Pool pool = new Pool();

  /** How many ids, selectors and other parts are held of all that was read. */
  int pooled() {
    return pool.size();
  }

  /** The answer of {@code entry show}. */
  List<Entry> entries(InputStream json) throws IOException {
    return items(json, "entries", this::entry);
  }

  /** The answer of {@code agent list}. */
  List<Agent> agents(InputStream json) throws IOException {
    return items(json, "agents", this::agent);
  }

  /** What {@code entry create}, {@code update} and {@code delete} say of each entry. */
  List<EntryResult> results(InputStream json) throws IOException {
    return items(json, "results", this::result);
  }

  private EntryResult result(JsonNode result) {
    JsonNode status = result.path("status");
    Entry entry = entry(result.path("entry"));
    return new EntryResult(
        // Of a deleted entry only the id is told.
        result.has("id") ? entry.named(result.path("id").asText(), "") : entry,
        status.path("code").asInt(),
        Redaction.text(status.path("message").asText()));
  }

  static <T> List<T> items(InputStream json, String name, Function<JsonNode, T> read)
      throws IOException {
    List<T> items = new ArrayList<>();
    Allowance allowance = new Allowance(json);
    try (JsonParser parser = MAPPER.createParser(allowance)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not the JSON of " + name);
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals(name);
        if (parser.nextToken() == JsonToken.START_ARRAY && wanted) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            allowance.renew(LARGEST_ITEM);
            items.add(read.apply(MAPPER.readTree(parser)));
            if (items.size() > MOST_ITEMS) {
              throw new IOException("it lists more than " + MOST_ITEMS + " " + name);
            }
          }
        } else {
          allowance.renew(Long.MAX_VALUE);
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
        pool.text(entry.path("hint").asText()),
        pool.texts(Json.texts(entry.path("federates_with"))),
        pool.one(
            new Entry.Settings(
                entry.path("admin").asBoolean(),
                entry.path("x509_svid_ttl").asInt(),
                entry.path("jwt_svid_ttl").asInt(),
                pool.texts(Json.texts(entry.path("dns_names"))),
                entry.path(ATTRIBUTES).path("jwt_svid_include_jti").asBoolean(),
                entry.path(ATTRIBUTES).path("disable_x509_svid_prefetch").asBoolean())),
        // Written as text, as protobuf's JSON has it.
        entry.path("revision_number").asLong());
  }

  Agent agent(JsonNode agent) {
    return new Agent(
        id(agent.path("id")),
        pool.text(agent.path("attestation_type").asText()),
        Set.copyOf(selectors(agent.path("selectors"))),
        agent.path("banned").asBoolean(),
        agent.path("can_reattest").asBoolean(),
        Json.seconds(agent.path("x509svid_expires_at")),
        Json.text(agent.path("agent_version")).map(Redaction::text).map(pool::text));
  }

  private String id(JsonNode id) {
    return pool.id(id.path("trust_domain").asText(), id.path("path").asText());
  }

  private Set<Selector> selectors(JsonNode array) {
    Set<Selector> set = new LinkedHashSet<>();
    for (JsonNode one : array) {
      set.add(pool.selector(one.path("type").asText(), one.path("value").asText()));
    }
    return set;
  }
}
