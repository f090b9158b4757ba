package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.spiredoctor.kube.Json;
import org.spiredoctor.kube.Pod;

/**
 * A selector of labels, as {@code kubectl -l} has it: {@code a=b,c!=d,e,!f}. Sets ({@code in},
 * {@code notin}) are not understood.
 */
public final class LabelSelector {
  private LabelSelector() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException for what is not understood
   */
  public static Predicate<Pod> parse(String text) {
    List<Predicate<Pod>> all = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      all.add(requirement(part.strip()));
    }
    return pod -> all.stream().allMatch(one -> one.test(pod));
  }

  /** Of an object: {@code matchLabels} and {@code matchExpressions}; an empty one selects all. */
  public static Predicate<Map<String, String>> of(JsonNode selector) {
    Map<String, String> wanted = Json.strings(selector.path("matchLabels"));
    List<JsonNode> all = Json.list(selector.path("matchExpressions"), expression -> expression);
    return labels ->
        labels.entrySet().containsAll(wanted.entrySet())
            && all.stream().allMatch(one -> meets(one, labels));
  }

  /** Whether labels meet one of {@code matchExpressions}. */
  static boolean meets(JsonNode expression, Map<String, String> labels) {
    String key = expression.path("key").asText();
    Optional<String> value = Optional.ofNullable(labels.get(key));
    List<String> values = Json.texts(expression.path("values"));
    return switch (expression.path("operator").asText()) {
      case "In" -> value.filter(values::contains).isPresent();
      case "NotIn" -> value.filter(values::contains).isEmpty();
      case "Exists" -> value.isPresent();
      case "DoesNotExist" -> value.isEmpty();
      default -> false;
    };
  }

  private static Predicate<Pod> requirement(String part) {
    if (part.isEmpty() || part.contains(" ")) {
      throw new IllegalArgumentException(
          "'" + part + "' is not of the form key, !key, key=value or key!=value");
    }
    int not = part.indexOf("!=");
    if (not > 0) {
      return pod ->
          !part.substring(not + 2).equals(pod.meta().labels().get(part.substring(0, not)));
    }
    int is = part.indexOf('=');
    if (is > 0) {
      String value = part.substring(part.startsWith("==", is) ? is + 2 : is + 1);
      return pod -> value.equals(pod.meta().labels().get(part.substring(0, is)));
    }
    return part.startsWith("!")
        ? pod -> !pod.meta().labels().containsKey(part.substring(1))
        : pod -> pod.meta().labels().containsKey(part);
  }
}
