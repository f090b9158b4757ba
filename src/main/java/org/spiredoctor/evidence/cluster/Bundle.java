package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.pod.NewFile;

/**
 * A snapshot as a file: JSON, compressed, {@code kind: EvidenceBundle}. It holds what came through
 * the gate ({@link org.spiredoctor.kube.Mask}) and nothing more; equal snapshots give equal files.
 */
public final class Bundle {
  /** The most that a bundle may hold where nothing else is said, in bytes. */
  public static final long LIMIT = 512L << 20;

  private static final String TOO_LARGE =
      "it holds more than fits in %,d MiB; if you trust its source, allow more with"
          + " --max-bundle-size";

  static final String KIND = "EvidenceBundle";
  static final String VERSION = "spiredoctor.org/v1";
  static final String POD_NAMESPACES = "podNamespaces";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Bundle() {}

  /** Writes one that only its owner may read; it replaces another when it is whole. */
  public static void write(Snapshot snapshot, Path file) throws IOException {
    NewFile.secret(file).write(out -> write(snapshot, out));
  }

  static void write(Snapshot snapshot, OutputStream to) throws IOException {
    try (GZIPOutputStream compressed = new GZIPOutputStream(to);
        JsonGenerator json = new ShareableJson(MAPPER.createGenerator(compressed))) {
      json.writeStartObject();
      json.writeStringField("apiVersion", VERSION);
      json.writeStringField("kind", KIND);
      json.writeStringField("at", snapshot.at().toString());
      json.writeFieldName("cluster");
      ObservedJson.write(json, snapshot.cluster(), json::writeString);
      json.writeObjectFieldStart("objects");
      for (Map.Entry<Kind, Observed<List<JsonNode>>> one : snapshot.objects().entrySet()) {
        json.writeFieldName(one.getKey().plural());
        ObservedJson.write(
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
      if (snapshot.podNamespaces().isPresent()) {
        json.writeArrayFieldStart(POD_NAMESPACES);
        for (String namespace : snapshot.podNamespaces().get()) {
          json.writeString(namespace);
        }
        json.writeEndArray();
      }
      json.writeArrayFieldStart("configMaps");
      for (Map.Entry<Name, Observed<JsonNode>> one : snapshot.configMaps().entrySet()) {
        name(json, one.getKey());
        json.writeFieldName("data");
        ObservedJson.write(json, one.getValue(), map -> MAPPER.writeTree(json, map));
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
        ObservedJson.write(json, one.getValue(), json::writeString);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("servers");
      for (Map.Entry<Name, ServerAnswers> one : snapshot.servers().entrySet()) {
        name(json, one.getKey());
        ServerAnswersJson.write(json, one.getValue());
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

  /**
   * Reads one, compressed or not.
   *
   * @param limit how many bytes it may hold, decompressed
   * @throws IOException when it cannot be read, or is not a bundle of a version that is known
   */
  public static Snapshot read(Path file, long limit) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return read(in, limit);
    }
  }

  static Snapshot read(InputStream from, long limit) throws IOException {
    from.mark(2);
    boolean compressed = from.read() == 0x1f && from.read() == 0x8b;
    from.reset();
    try (InputStream in =
            new BoundedStream(compressed ? new GZIPInputStream(from) : from, limit, TOO_LARGE);
        BundleParser json = new BundleParser(in, limit)) {
      return new BundleContent(json).read();
    } catch (BundleParser.TooLargeException e) {
      throw new IOException(TOO_LARGE.formatted(limit >> 20), e);
    } catch (StreamConstraintsException e) {
      throw new IOException(
          e.getOriginalMessage().startsWith("Token count")
              ? TOO_LARGE.formatted(limit >> 20)
              : "not the JSON of a bundle: " + e.getOriginalMessage(),
          e);
    } catch (JsonProcessingException e) {
      throw new IOException("not the JSON of a bundle: " + e.getOriginalMessage(), e);
    }
  }
}
