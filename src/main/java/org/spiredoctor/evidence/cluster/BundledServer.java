package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.Redaction;
import org.spiredoctor.spire.server.ServerJson;
import org.spiredoctor.spire.server.ServerTrustJson;

/**
 * Reads what a SPIRE server said out of an evidence bundle: its lists item by item, so that a
 * million entries are held as entries and never as JSON.
 */
final class BundledServer {
  /** What is held of a server that said nothing, in bytes. */
  private static final long ITSELF = 1000;

  /** What an entry or an agent takes without what it shares with others, in bytes. */
  private static final long RECORD = 200;

  /** What it takes to point to a selector or a text. */
  private static final long PART = 10;

  /** What a selector or a text takes of which there was none yet. */
  private static final long POOLED = 100;

  private static final Set<String> SMALL =
      Set.of("namespace", "name", "route", "health", "bundle", "version", "info");

  private static final ServerTrustJson TRUST = new ServerTrustJson(Redaction::text);

  private final BundleParser json;
  private final ServerJson reader;
  private Observed<List<Agent>> agents = ObservedJson.unknown();
  private Observed<List<Entry>> entries = ObservedJson.unknown();
  private Observed<List<TrustBundle>> federated = ObservedJson.unknown();
  private Observed<List<FederationRelationship>> relationships = ObservedJson.unknown();

  private BundledServer(BundleParser json, ServerJson reader) {
    this.json = json;
    this.reader = reader;
  }

  /** One of several, whose ids and selectors are held once. */
  static Map.Entry<Name, ServerAnswers> read(BundleParser json, ServerJson reader)
      throws IOException {
    json.hold(ITSELF);
    BundledServer server = new BundledServer(json, reader);
    JsonNode small = json.object(SMALL, server::list);
    Name name = new Name(small.path("namespace").asText(), small.path("name").asText());
    return Map.entry(name, server.answers(small, name));
  }

  private boolean list(String name) throws IOException {
    switch (name) {
      case "agents" -> agents = list(reader::agent, agent -> agent.selectors().size());
      case "entries" -> entries = list(reader::entry, BundledServer::parts);
      case "federatedBundles" -> federated = list(TRUST::bundle);
      case "federationRelationships" -> relationships = list(TRUST::relationship);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static int parts(Entry entry) {
    return entry.selectors().size()
        + entry.federatesWith().size()
        + entry.settings().dnsNames().size();
  }

  /** Of items whose parts are held in the pool; what is new there counts. */
  private <T> Observed<List<T>> list(Function<JsonNode, T> read, ToIntFunction<T> parts)
      throws IOException {
    List<T> items = new ArrayList<>();
    return ObservedJson.list(
        json,
        (object, _) -> {
          int before = reader.pooled();
          T item = read.apply(object);
          items.add(item);
          return RECORD + parts.applyAsInt(item) * PART + (reader.pooled() - before) * POOLED;
        },
        () -> List.copyOf(items));
  }

  private <T> Observed<List<T>> list(Function<JsonNode, T> read) throws IOException {
    List<T> items = new ArrayList<>();
    return ObservedJson.list(
        json,
        (object, size) -> {
          items.add(read.apply(object));
          return size;
        },
        () -> List.copyOf(items));
  }

  private ServerAnswers answers(JsonNode small, Name name) {
    return new ServerAnswers(
        ServerAnswersJson.route(small.path("route"), name),
        ObservedJson.text(small.path("health")),
        agents,
        entries,
        ObservedJson.object(small.path("bundle"), TRUST::bundle),
        federated,
        relationships,
        ObservedJson.text(small.path("version")),
        ObservedJson.object(small.path("info"), TRUST::info));
  }
}
