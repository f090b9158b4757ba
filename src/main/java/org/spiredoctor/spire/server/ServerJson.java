package org.spiredoctor.spire.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Pool;
import org.spiredoctor.identity.Selector;

/**
 * Reads what {@code spire-server … -output json} prints, item by item: a million entries are never
 * in memory as text, and equal selectors and ids are held once.
 */
public final class ServerJson {
  /** The field that holds an entry's further attributes. */
  public static final String ATTRIBUTES = EntryParser.ATTRIBUTES;

  /** What comes after the JSON is still to be read: whether the program ended well. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);

  /** SPIRE keeps no entry or agent that is nearly as large. */
  private static final int LARGEST_ITEM = 4 * 1024 * 1024;

  private static final int MOST_ITEMS = 2_000_000;

  private final Pool pool = new Pool();
  private final UnaryOperator<String> redaction;

  /**
   * Of answers of one server, or of several that have much in common.
   *
   * @param redaction takes secrets out of what was printed
   */
  public ServerJson(UnaryOperator<String> redaction) {
    this.redaction = redaction;
  }

  /** How many ids, selectors and other parts were new in all that was read. */
  public int pooled() {
    return pool.size();
  }

  /** The answer of {@code entry show}. */
  public List<Entry> entries(InputStream json) throws IOException {
    return items(json, "entries", item -> EntryParser.read(item, pool));
  }

  /** The answer of {@code agent list}. */
  List<Agent> agents(InputStream json) throws IOException {
    return items(json, "agents", item -> agent(tree(item)));
  }

  /** What {@code entry create}, {@code update} and {@code delete} say of each entry. */
  List<PrintedResult> results(InputStream json) throws IOException {
    return items(json, "results", item -> result(tree(item)));
  }

  private PrintedResult result(JsonNode result) {
    JsonNode status = result.path("status");
    Entry entry = entry(result.path("entry"));
    return new PrintedResult(
        // Of a deleted entry only the id is told.
        result.has("id") ? entry.named(result.path("id").asText(), "") : entry,
        status.path("code").asInt(),
        redaction.apply(status.path("message").asText()));
  }

  /** Reads the object that begins here, to its end. */
  interface Item<T> {
    T read(JsonParser json) throws IOException;
  }

  static JsonNode tree(JsonParser item) throws IOException {
    return MAPPER.readTree(item);
  }

  static <T> List<T> items(InputStream json, String name, Item<T> item) throws IOException {
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
            items.add(item.read(parser));
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

  /** An entry out of a tree. */
  public Entry entry(JsonNode entry) {
    try (JsonParser parser = entry.traverse()) {
      parser.nextToken();
      return EntryParser.read(parser, pool);
    } catch (IOException e) {
      throw new UncheckedIOException("a tree in memory", e);
    }
  }

  /** An agent out of a tree. */
  public Agent agent(JsonNode agent) {
    return new Agent(
        id(agent.path("id")),
        pool.text(agent.path("attestation_type").asText()),
        Set.copyOf(selectors(agent.path("selectors"))),
        agent.path("banned").asBoolean(),
        agent.path("can_reattest").asBoolean(),
        Seconds.of(agent.path("x509svid_expires_at")),
        Optional.of(agent.path("agent_version").asText())
            .filter(version -> !version.isEmpty())
            .map(redaction)
            .map(pool::text));
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
