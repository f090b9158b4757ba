package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads JSON that may lack anything. */
public final class Json {
  /** The end of the year 9999: RFC 3339 knows no later time, and sums of later ones overflow. */
  private static final long LAST = 253_402_300_799L;

  private Json() {}

  /** A list of any kind; empty when it is missing. */
  public static <T> List<T> list(JsonNode array, Function<JsonNode, T> read) {
    List<T> list = new ArrayList<>(array.size());
    array.forEach(item -> list.add(read.apply(item)));
    return List.copyOf(list);
  }

  /** A list of texts. */
  public static List<String> texts(JsonNode array) {
    return list(array, JsonNode::asText);
  }

  /** An object whose values are texts, in its order. */
  public static Map<String, String> strings(JsonNode object) {
    Map<String, String> map = new LinkedHashMap<>();
    object.properties().forEach(field -> map.put(field.getKey(), field.getValue().asText()));
    return Map.copyOf(map);
  }

  /** A text that is there and not empty. */
  public static Optional<String> text(JsonNode node) {
    return Optional.of(node.asText()).filter(text -> !text.isEmpty());
  }

  /** A time as Kubernetes writes it; absent when it is missing, none, or of no known calendar. */
  public static Optional<Instant> time(JsonNode node) {
    try {
      return text(node)
          .map(Instant::parse)
          .filter(at -> at.getEpochSecond() >= 0 && at.getEpochSecond() <= LAST);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
