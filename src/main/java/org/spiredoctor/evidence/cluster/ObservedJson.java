package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;

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

  /**
   * Reads one.
   *
   * @param json where it is missing, whoever wrote the bundle did not know of it yet
   */
  static <T> Observed<T> read(JsonNode json, Function<JsonNode, T> read) {
    if (json.isMissingNode()) {
      return new Unseen<>(
          Reason.NOT_ASKED, "read it in the bundle", "it was written by an older spire-doctor");
    }
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

  static List<JsonNode> list(JsonNode array) {
    List<JsonNode> list = new ArrayList<>();
    array.forEach(list::add);
    return List.copyOf(list);
  }
}
