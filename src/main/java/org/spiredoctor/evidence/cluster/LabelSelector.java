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
    List<Predicate<Map<String, String>>> all =
        Json.list(selector.path("matchExpressions"), LabelSelector::expression);
    return labels ->
        labels.entrySet().containsAll(wanted.entrySet())
            && all.stream().allMatch(one -> one.test(labels));
  }

  private static Predicate<Map<String, String>> expression(JsonNode expression) {
    String key = expression.path("key").asText();
    List<String> values = Json.texts(expression.path("values"));
    return switch (expression.path("operator").asText()) {
      case "In" ->
          labels -> Optional.ofNullable(labels.get(key)).filter(values::contains).isPresent();
      case "NotIn" ->
          labels -> Optional.ofNullable(labels.get(key)).filter(values::contains).isEmpty();
      case "Exists" -> labels -> labels.containsKey(key);
      case "DoesNotExist" -> labels -> !labels.containsKey(key);
      default -> _ -> false;
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
