package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.kube.Json;

/** What was seen, or was not and why, in an evidence bundle. */
final class ObservedJson {
  private ObservedJson() {}

  /** Writes a value. */
  interface Writer<T> {
    void write(T value) throws IOException;
  }

  static <T> void write(JsonGenerator json, Observed<T> observed, Writer<T> writer)
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

  /** Reads a list; one whose items are not all objects was not seen as a whole. */
  static <T> Observed<List<T>> list(JsonNode json, Function<JsonNode, T> item) {
    return read(json, ObservedJson::isListOfObjects, all -> Json.list(all, item));
  }

  /** Reads an object. */
  static <T> Observed<T> object(JsonNode json, Function<JsonNode, T> read) {
    return read(json, JsonNode::isObject, read);
  }

  /** Reads a text. */
  static Observed<String> text(JsonNode json) {
    return read(json, JsonNode::isTextual, JsonNode::asText);
  }

  /** Reads a truth value. */
  static Observed<Boolean> truth(JsonNode json) {
    return read(json, JsonNode::isBoolean, JsonNode::asBoolean);
  }

  private static boolean isListOfObjects(JsonNode json) {
    return json.isArray() && json.valueStream().allMatch(JsonNode::isObject);
  }

  /**
   * Reads one.
   *
   * @param json where it is missing, whoever wrote the bundle did not know of it yet
   * @param fits whether it is of the right type; one of another was not seen
   */
  private static <T> Observed<T> read(
      JsonNode json, Predicate<JsonNode> fits, Function<JsonNode, T> read) {
    if (json.isMissingNode()) {
      return new Unseen<>(
          Reason.NOT_ASKED, "read it in the bundle", "it was written by an older spire-doctor");
    }
    if (!json.has("seen")) {
      return unseen(json);
    }
    return fits.test(json.path("seen"))
        ? new Seen<>(read.apply(json.path("seen")))
        : new Unseen<>(
            Reason.FAILED, "read it in the bundle", "the bundle is damaged: its type is wrong");
  }

  private static <T> Observed<T> unseen(JsonNode json) {
    String reason = json.path("unseen").asText();
    boolean known = Set.of(Reason.values()).stream().anyMatch(r -> r.name().equals(reason));
    return new Unseen<>(
        known ? Reason.valueOf(reason) : Reason.FAILED,
        json.path("asked").asText(),
        json.path("why").asText());
  }
}
