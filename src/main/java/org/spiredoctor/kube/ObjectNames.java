package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells objects that Kubernetes can hold from what only looks like one. An API server checks every
 * name (Kubernetes documentation, Object Names and IDs); a bundle, or who answers in its place,
 * need not. What passes here can stand in a command: no name is an option or more than one word.
 */
public final class ObjectNames {
  /** Of a DNS subdomain. */
  private static final int LONGEST = 253;

  private static final int LONGEST_LABEL = 63;

  /** The fields that hold names, wherever they are. */
  private static final Set<String> NAMES =
      Set.of("name", "namespace", "nodeName", "serviceAccountName");

  /** The maps whose keys are those of labels. */
  private static final Set<String> LABELS =
      Set.of("labels", "matchLabels", "nodeSelector", "selector");

  /**
   * What holds free text, whose names are no objects'. An API server does not check the names of
   * owners; those that are none are left out when they are read.
   */
  private static final Set<String> FREE =
      Set.of("annotations", "env", "envFrom", "conditions", "ownerReferences");

  private ObjectNames() {}

  /** Whether a text is a name of an object or of a part of one. */
  public static boolean isName(String text) {
    return isName(text, LONGEST);
  }

  /** Why an object of a kind is none that Kubernetes can hold; absent for one that is in order. */
  public static Optional<String> wrong(Kind kind, JsonNode object) {
    if (kind == Kind.EVENT) {
      // What it is about may be of any kind, and those of RBAC have more characters.
      JsonNode about = object.path("involvedObject");
      return wrong("namespace", about.path("namespace"))
          .or(
              () ->
                  about.path("name").asText().startsWith("-")
                      ? Optional.of(quoted("involvedObject.name", about.path("name")))
                      : Optional.empty());
    }
    JsonNode meta = object.path("metadata");
    if (meta.path("name").asText().isEmpty()) {
      return Optional.of("its metadata has no name");
    }
    if (kind.namespaced() && meta.path("namespace").asText().isEmpty()) {
      return Optional.of("its metadata has no namespace");
    }
    if (kind == Kind.POD && object.at("/spec/containers/0/name").asText().isEmpty()) {
      return Optional.of("it has no containers");
    }
    return switch (kind) {
      // Their fields are the controller-manager's, which has checks of its own.
      case CLUSTER_SPIFFE_ID, CLUSTER_STATIC_ENTRY -> wrong(meta);
      default -> wrong(object);
    };
  }

  private static Optional<String> wrong(JsonNode node) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      Optional<String> wrong =
          NAMES.contains(name)
              ? wrong(name, value)
              : LABELS.contains(name)
                  ? keys(name, value)
                  : FREE.contains(name) ? Optional.empty() : wrong(value);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    if (node.isArray()) {
      for (JsonNode item : node) {
        Optional<String> wrong = wrong(item);
        if (wrong.isPresent()) {
          return wrong;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> wrong(String field, JsonNode value) {
    boolean none = value.isMissingNode() || value.isNull();
    boolean name = value.isTextual() && (value.asText().isEmpty() || isName(value.asText()));
    return none || name ? Optional.empty() : Optional.of(quoted(field, value));
  }

  private static Optional<String> keys(String field, JsonNode map) {
    return map.properties().stream()
        .map(Map.Entry::getKey)
        .filter(key -> !isLabelKey(key))
        .findFirst()
        .map(key -> "its " + field + " have the key " + clipped(key));
  }

  private static boolean isLabelKey(String key) {
    int slash = key.indexOf('/');
    return slash < 0
        ? isName(key, LONGEST_LABEL)
        : isName(key.substring(0, slash)) && isName(key.substring(slash + 1), LONGEST_LABEL);
  }

  private static boolean isName(String text, int longest) {
    return !text.isEmpty()
        && text.length() <= longest
        && isLetterOrDigit(text.charAt(0))
        && isLetterOrDigit(text.charAt(text.length() - 1))
        && text.chars().allMatch(c -> isLetterOrDigit(c) || c == '-' || c == '.' || c == '_');
  }

  private static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static String quoted(String field, JsonNode value) {
    return "its " + field + " is " + clipped(value.isTextual() ? value.asText() : value.toString());
  }

  private static String clipped(String text) {
    return text.length() > LONGEST_LABEL ? text.substring(0, LONGEST_LABEL) + "…" : text;
  }
}
