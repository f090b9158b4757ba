package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.identity.Misspelling;
import org.spiredoctor.kube.Json;
import org.spiredoctor.kube.Redaction;

/**
 * A requirement of a label selector that labels do not meet.
 *
 * @param key of the label
 * @param wanted as {@code app=web} or {@code app NotIn [a, b]}
 * @param has the label that comes near, as {@code app=wbe}; else the one of the same key; absent
 *     where there is none
 * @param kind how it is missed
 */
public record LabelMiss(String key, String wanted, Optional<String> has, Kind kind) {

  private static final int SHORT = 3;

  /** How a requirement is missed. */
  public enum Kind {
    /** Key or value look misspelled. */
    TYPO,
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
                key,
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
      boolean typo = values.stream().anyMatch(value -> isTypo(value, has));
      return Optional.of(
          new LabelMiss(key, wanted, Optional.of(key + "=" + has), typo ? Kind.TYPO : Kind.OTHER));
    }
    Optional<String> near =
        labels.entrySet().stream()
            .filter(one -> values.contains(one.getValue()) && isTypo(one.getKey(), key))
            .map(one -> one.getKey() + "=" + one.getValue())
            .min(Comparator.naturalOrder());
    return Optional.of(
        new LabelMiss(key, wanted, near, near.isPresent() ? Kind.TYPO : Kind.LACKING));
  }

  /**
   * Whether two words look like one that is misspelled: by a letter, or two that are swapped. Many
   * short words differ in a letter, and so do names in a last part, as in {@code shard-a} and
   * {@code shard-b}.
   */
  private static boolean isTypo(String one, String other) {
    int longer = Math.max(one.length(), other.length());
    return Misspelling.isSlip(one, other)
        && Misspelling.distance(one, other) == 1
        && (longer > SHORT ? !sameButLast(one, other) : Misspelling.isTransposed(one, other));
  }

  private static boolean sameButLast(String one, String other) {
    int at = lastPart(one);
    return at > 0
        && at == lastPart(other)
        && one.substring(0, at).equals(other.substring(0, at))
        && Math.max(one.length(), other.length()) - at <= SHORT;
  }

  private static int lastPart(String word) {
    return Math.max(word.lastIndexOf('-'), Math.max(word.lastIndexOf('_'), word.lastIndexOf('.')))
        + 1;
  }

  /**
   * What has to be merged into the selector's {@code matchLabels}, so that they ask for what the
   * labels have; absent where an expression asks, or a label is not known as it is.
   */
  public Optional<JsonNode> correction() {
    return has.filter(_ -> wanted.startsWith(key + "="))
        .filter(label -> !label.contains(Redaction.HIDDEN))
        .map(
            label -> {
              int at = label.indexOf('=');
              ObjectNode labels = JsonNodeFactory.instance.objectNode();
              if (!label.substring(0, at).equals(key)) {
                labels.putNull(key);
              }
              return labels.put(label.substring(0, at), label.substring(at + 1));
            });
  }

  /** {@code wants app=web, has app=wbe}. */
  public String inWords() {
    return "wants " + wanted + ", the labels have " + has.orElse("no such label");
  }
}
