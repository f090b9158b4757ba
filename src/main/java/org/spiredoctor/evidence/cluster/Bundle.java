package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.kube.Kind;

/**
 * A snapshot as a file: JSON, compressed, {@code kind: EvidenceBundle}. It holds what came through
 * the gate ({@link org.spiredoctor.kube.Mask}) and nothing more; equal snapshots give equal files.
 */
public final class Bundle {
  private static final String VERSION = "spiredoctor.org/v1";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Bundle() {}

  /** Writes one that only its owner may read. */
  public static void write(Snapshot snapshot, Path file) throws IOException {
    Files.deleteIfExists(file);
    var attributes =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Files.createFile(file, attributes);
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
      write(snapshot, out);
    }
  }

  static void write(Snapshot snapshot, OutputStream to) throws IOException {
    try (GZIPOutputStream compressed = new GZIPOutputStream(to);
        JsonGenerator json = MAPPER.createGenerator(compressed)) {
      json.writeStartObject();
      json.writeStringField("apiVersion", VERSION);
      json.writeStringField("kind", "EvidenceBundle");
      json.writeStringField("at", snapshot.at().toString());
      json.writeFieldName("cluster");
      observed(json, snapshot.cluster(), json::writeString);
      json.writeObjectFieldStart("objects");
      for (Map.Entry<Kind, Observed<List<JsonNode>>> one : snapshot.objects().entrySet()) {
        json.writeFieldName(one.getKey().plural());
        observed(
            json,
            one.getValue(),
            list -> {
              json.writeStartArray();
              for (JsonNode object : list) {
                MAPPER.writeTree(json, object);
              }
              json.writeEndArray();
            });
      }
      json.writeEndObject();
      json.writeArrayFieldStart("configMaps");
      for (Map.Entry<Name, Observed<JsonNode>> one : snapshot.configMaps().entrySet()) {
        name(json, one.getKey());
        json.writeFieldName("data");
        observed(json, one.getValue(), map -> MAPPER.writeTree(json, map));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("logs");
      for (Map.Entry<LogOf, Observed<String>> one : snapshot.logs().entrySet()) {
        LogOf of = one.getKey();
        name(json, new Name(of.namespace(), of.pod()));
        json.writeStringField("container", of.container());
        json.writeBooleanField("previous", of.previous());
        json.writeFieldName("text");
        observed(json, one.getValue(), json::writeString);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("servers");
      for (Map.Entry<Name, ServerAnswers> one : snapshot.servers().entrySet()) {
        name(json, one.getKey());
        json.writeFieldName("health");
        observed(json, one.getValue().health(), json::writeString);
        json.writeFieldName("agents");
        observed(json, one.getValue().agents(), all -> ServerJson.writeAgents(json, all));
        json.writeFieldName("entries");
        observed(json, one.getValue().entries(), all -> ServerJson.writeEntries(json, all));
        json.writeEndObject();
      }
      json.writeEndArray();
      BundledAccess.write(json, snapshot.access());
      json.writeEndObject();
    }
  }

  private static void name(JsonGenerator json, Name name) throws IOException {
    json.writeStartObject();
    json.writeStringField("namespace", name.namespace());
    json.writeStringField("name", name.name());
  }

  interface Writer<T> {
    void write(T value) throws IOException;
  }

  static <T> void observed(JsonGenerator json, Observed<T> observed, Writer<T> writer)
      throws IOException {
    json.writeStartObject();
    switch (observed) {
      case Seen<T>(T value) -> {
        json.writeFieldName("seen");
        writer.write(value);
      }
      case Unseen<T> unseen -> {
        json.writeStringField("unseen", unseen.reason().name());
        json.writeStringField("asked", unseen.asked());
        json.writeStringField("why", unseen.why());
      }
    }
    json.writeEndObject();
  }

  /**
   * Reads one, compressed or not.
   *
   * @throws IOException when it cannot be read, or is not a bundle of a version that is known
   */
  public static Snapshot read(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return read(in);
    }
  }

  static Snapshot read(InputStream from) throws IOException {
    from.mark(2);
    boolean compressed = from.read() == 0x1f && from.read() == 0x8b;
    from.reset();
    JsonNode json;
    try (InputStream in = compressed ? new GZIPInputStream(from) : from) {
      json = MAPPER.readTree(in);
    } catch (JsonProcessingException e) {
      throw new IOException("not the JSON of a bundle: " + e.getOriginalMessage(), e);
    }
    if (!json.path("kind").asText().equals("EvidenceBundle")) {
      throw new IOException("not an EvidenceBundle");
    }
    if (!json.path("apiVersion").asText().equals(VERSION)) {
      throw new IOException(
          "a bundle of " + json.path("apiVersion").asText() + "; known is " + VERSION);
    }
    return snapshot(json);
  }

  private static Snapshot snapshot(JsonNode json) {
    Map<Kind, Observed<List<JsonNode>>> objects = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      JsonNode one = json.path("objects").path(kind.plural());
      if (one.isObject()) {
        objects.put(kind, observed(one, Bundle::list));
      }
    }
    Map<Name, Observed<JsonNode>> configMaps = new LinkedHashMap<>();
    json.path("configMaps").forEach(m -> configMaps.put(name(m), observed(m.path("data"), d -> d)));
    Map<LogOf, Observed<String>> logs = new LinkedHashMap<>();
    for (JsonNode log : json.path("logs")) {
      Name pod = name(log);
      logs.put(
          new LogOf(
              pod.namespace(),
              pod.name(),
              log.path("container").asText(),
              log.path("previous").asBoolean()),
          observed(log.path("text"), JsonNode::asText));
    }
    Map<Name, ServerAnswers> servers = new LinkedHashMap<>();
    ServerJson reader = new ServerJson();
    for (JsonNode server : json.path("servers")) {
      servers.put(
          name(server),
          new ServerAnswers(
              observed(server.path("health"), JsonNode::asText),
              observed(
                  server.path("agents"), all -> list(all).stream().map(reader::agent).toList()),
              observed(
                  server.path("entries"), all -> list(all).stream().map(reader::entry).toList())));
    }
    return new Snapshot(
        Instant.parse(json.path("at").asText("1970-01-01T00:00:00Z")),
        observed(json.path("cluster"), JsonNode::asText),
        objects,
        configMaps,
        logs,
        servers,
        BundledAccess.read(json.path("access")));
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> list = new ArrayList<>();
    array.forEach(list::add);
    return List.copyOf(list);
  }

  private static Name name(JsonNode json) {
    return new Name(json.path("namespace").asText(), json.path("name").asText());
  }

  static <T> Observed<T> observed(JsonNode json, Function<JsonNode, T> read) {
    if (json.has("seen")) {
      return new Seen<>(read.apply(json.path("seen")));
    }
    String reason = json.path("unseen").asText();
    boolean known = Set.of(Reason.values()).stream().anyMatch(r -> r.name().equals(reason));
    return new Unseen<>(
        known ? Reason.valueOf(reason) : Reason.FAILED,
        json.path("asked").asText(),
        json.path("why").asText());
  }
}
