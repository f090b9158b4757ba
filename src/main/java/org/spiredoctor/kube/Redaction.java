package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Set;
import java.util.regex.Pattern;

/** Takes out what must not be kept: keys, tokens, passwords, values that may be any of these. */
public final class Redaction {
  private static final String HIDDEN = "[redacted]";

  /** The variables whose values say where the Workload API is. */
  private static final Set<String> VARIABLES =
      Set.of(
          "SPIFFE_ENDPOINT_SOCKET",
          "SPIRE_AGENT_SOCKET",
          "SPIRE_TRUST_DOMAIN",
          "SOCKET_DIR",
          "SOCKET_FILE",
          "TRUST_DOMAIN",
          "MY_NODE_NAME");

  private static final Set<String> ANNOTATIONS_OUT =
      Set.of("kubectl.kubernetes.io/last-applied-configuration");

  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*-----|$)", Pattern.DOTALL);
  private static final Pattern JWT =
      Pattern.compile("eyJ[A-Za-z0-9_-]{6,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");
  private static final Pattern CREDENTIAL =
      Pattern.compile(
          "(?i)((?:bearer|basic)\\s+|(?:password|passwd|secret|token|api[_-]?key|credentials?)\\s*"
              + "[\"']?\\s*[=:]\\s*[\"']?)([^\\s\"',;]{6,})");

  private Redaction() {}

  /** A text without what looks secret. */
  public static String text(String text) {
    String safe = PEM.matcher(text).replaceAll(HIDDEN);
    safe = JWT.matcher(safe).replaceAll(HIDDEN);
    return CREDENTIAL.matcher(safe).replaceAll("$1" + HIDDEN);
  }

  static JsonNode text(JsonNode node) {
    String text = node.asText();
    String safe = text(text);
    return safe.equals(text) ? node : TextNode.valueOf(safe);
  }

  /** Whether a field of an object may be held at all. */
  static boolean mayHold(ObjectNode object, String field) {
    if (field.equals("value") && object.has("name")) {
      return VARIABLES.contains(object.path("name").asText());
    }
    return !ANNOTATIONS_OUT.contains(field);
  }
}
