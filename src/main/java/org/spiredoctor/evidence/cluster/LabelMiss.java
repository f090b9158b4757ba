package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.identity.Slips;
import org.spiredoctor.kube.Json;

/**
 * A requirement of a label selector that labels do not meet.
 *
 * @param wanted as {@code app=web} or {@code app NotIn [a, b]}
 * @param has the label that comes near, as {@code app=wbe}; else the one of the same key; absent
 *     where there is none
 * @param kind how it is missed
 */
public record LabelMiss(String wanted, Optional<String> has, Kind kind) {

  /** How a requirement is missed. */
  public enum Kind {
    /** Key or value differ by a slip of the pen. */
    SLIP,
    /** The label is not there. */
    LACKING,
    /** The label has another value: something else is meant. */
    OTHER,
    /** It is left out on purpose, by a list of what is not meant. */
    EXCLUDED
  }

  /** What labels lack; empty where they are selected. */
  public static List<LabelMiss> of(JsonNode selector, Map<String, String> labels) {
    List<LabelMiss> misses = new ArrayList<>();
    Json.strings(selector.path("matchLabels"))
        .forEach(
            (key, value) ->
                required(key + "=" + value, key, List.of(value), labels).ifPresent(misses::add));
    for (JsonNode expression : selector.path("matchExpressions")) {
      String key = expression.path("key").asText();
      String operator = expression.path("operator").asText();
      List<String> values = Json.texts(expression.path("values"));
      if (operator.equals("In")) {
        required(key + " In " + values, key, values, labels).ifPresent(misses::add);
      } else if (!LabelSelector.meets(expression, labels)) {
        misses.add(
            new LabelMiss(
                key + " " + operator + (values.isEmpty() ? "" : " " + values),
                Optional.ofNullable(labels.get(key)).map(value -> key + "=" + value),
                operator.equals("Exists") ? Kind.LACKING : Kind.EXCLUDED));
      }
    }
    return List.copyOf(misses);
  }

  private static Optional<LabelMiss> required(
      String wanted, String key, List<String> values, Map<String, String> labels) {
    String has = labels.get(key);
    if (has != null && values.contains(has)) {
      return Optional.empty();
    }
    if (has != null) {
      boolean slip = values.stream().anyMatch(value -> Slips.isSlip(value, has));
      return Optional.of(
          new LabelMiss(wanted, Optional.of(key + "=" + has), slip ? Kind.SLIP : Kind.OTHER));
    }
    Optional<String> near =
        labels.entrySet().stream()
            .filter(one -> values.contains(one.getValue()) && Slips.isSlip(one.getKey(), key))
            .map(one -> one.getKey() + "=" + one.getValue())
            .min(Comparator.naturalOrder());
    return Optional.of(new LabelMiss(wanted, near, near.isPresent() ? Kind.SLIP : Kind.LACKING));
  }

  /** {@code wants app=web, has app=wbe}. */
  public String inWords() {
    return "wants " + wanted + ", the labels have " + has.orElse("no such label");
  }
}
