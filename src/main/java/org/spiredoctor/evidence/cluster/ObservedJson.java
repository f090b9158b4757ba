package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;

/** What was seen, or was not and why, in an evidence bundle. */
final class ObservedJson {
  private static final String SEEN = "seen";
  private static final Set<String> UNSEEN = Set.of("unseen", "asked", "why");

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
        json.writeFieldName(SEEN);
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
   * Reads a list item by item; one whose items are not all objects was not seen as a whole.
   *
   * @param all what was kept of it
   */
  static <T> Observed<T> list(BundleParser json, BundleParser.Keeper keeper, Supplier<T> all)
      throws IOException {
    List<Boolean> fits = new ArrayList<>(1);
    JsonNode unseen =
        json.object(UNSEEN, name -> name.equals(SEEN) && fits.add(json.objects(keeper)));
    if (fits.isEmpty()) {
      return unseen(unseen);
    }
    return fits.getFirst() ? new Seen<>(all.get()) : damaged();
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

  /**
   * Reads one.
   *
   * @param json missing where it is {@link #unknown}
   * @param fits whether it is of the right type; one of another was not seen
   */
  private static <T> Observed<T> read(
      JsonNode json, Predicate<JsonNode> fits, Function<JsonNode, T> read) {
    if (json.isMissingNode()) {
      return unknown();
    }
    if (!json.has(SEEN)) {
      return unseen(json);
    }
    return fits.test(json.path(SEEN)) ? new Seen<>(read.apply(json.path(SEEN))) : damaged();
  }

  /** What whoever wrote the bundle did not know of yet. */
  static <T> Observed<T> unknown() {
    return new Unseen<>(
        Reason.NOT_ASKED, "read it in the bundle", "it was written by an older spire-doctor");
  }

  private static <T> Observed<T> damaged() {
    return new Unseen<>(
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
