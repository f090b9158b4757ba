package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.kube.Json;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.ObjectList;
import org.spiredoctor.kube.Redaction;
import org.spiredoctor.spire.server.ServerJson;

/** Reads a snapshot out of a bundle: what there may be many of, item by item. */
final class BundleContent {
  private static final Set<String> SMALL =
      Set.of(
          "apiVersion",
          "kind",
          "at",
          "cluster",
          Bundle.POD_NAMESPACES,
          "configMaps",
          "logs",
          "access");
  private static final Set<String> NONE = Set.of();

  private final BundleParser json;
  private final Map<Kind, Observed<List<JsonNode>>> objects = new EnumMap<>(Kind.class);
  private final Map<Name, ServerAnswers> servers = new LinkedHashMap<>();
  private final ServerJson reader = new ServerJson(Redaction::text);

  /** Of one that is read once. */
  BundleContent(BundleParser json) {
    this.json = json;
  }

  /**
   * Reads it.
   *
   * @throws IOException when it cannot be read, or is not a bundle of a version that is known
   */
  Snapshot read() throws IOException {
    json.begin();
    JsonNode small = json.object(SMALL, this::large);
    // Only here, since the fields of an object are in no order.
    if (!small.path("kind").asText().equals(Bundle.KIND)) {
      throw new IOException("not an " + Bundle.KIND);
    }
    String version = small.path("apiVersion").asText();
    if (!version.equals(Bundle.VERSION)) {
      throw new IOException("a bundle of " + version + "; known is " + Bundle.VERSION);
    }
    return new Snapshot(
        Json.time(small.path("at")).orElse(Instant.EPOCH),
        ObservedJson.text(small.path("cluster")),
        objects,
        podNamespaces(small),
        configMaps(small.path("configMaps")),
        logs(small.path("logs")),
        servers,
        BundledAccess.read(small.path("access")));
  }

  private boolean large(String name) throws IOException {
    switch (name) {
      case "objects" -> json.object(NONE, this::objects);
      case "servers" -> json.list(this::server);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean objects(String plural) throws IOException {
    Optional<Kind> kind =
        Stream.of(Kind.values()).filter(one -> one.plural().equals(plural)).findFirst();
    if (kind.isEmpty() || !json.isObject()) {
      return false;
    }
    ObjectList.Collector all = new ObjectList.Collector();
    objects.put(
        kind.get(),
        ObservedJson.list(
            json,
            (object, size) -> {
              all.add(object);
              // Packed it takes less; rules read it into as much again.
              return size;
            },
            all::list));
    return true;
  }

  private void server() throws IOException {
    Map.Entry<Name, ServerAnswers> server = BundledServer.read(json, reader);
    servers.put(server.getKey(), server.getValue());
  }

  private static Optional<Set<String>> podNamespaces(JsonNode small) {
    if (!small.has(Bundle.POD_NAMESPACES)) {
      return Optional.empty();
    }
    Set<String> namespaces = new TreeSet<>();
    small.path(Bundle.POD_NAMESPACES).forEach(namespace -> namespaces.add(namespace.asText()));
    return Optional.of(namespaces);
  }

  private static Map<Name, Observed<JsonNode>> configMaps(JsonNode all) {
    Map<Name, Observed<JsonNode>> maps = new LinkedHashMap<>();
    all.forEach(m -> maps.put(name(m), ObservedJson.object(m.path("data"), data -> data)));
    return maps;
  }

  private static Map<LogOf, Observed<String>> logs(JsonNode all) {
    Map<LogOf, Observed<String>> logs = new LinkedHashMap<>();
    for (JsonNode log : all) {
      Name pod = name(log);
      logs.put(
          new LogOf(
              pod.namespace(),
              pod.name(),
              log.path("container").asText(),
              log.path("previous").asBoolean()),
          ObservedJson.text(log.path("text")));
    }
    return logs;
  }

  private static Name name(JsonNode json) {
    return new Name(json.path("namespace").asText(), json.path("name").asText());
  }
}
