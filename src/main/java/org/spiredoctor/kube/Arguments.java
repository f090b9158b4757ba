package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Set;

/**
 * Commands and arguments of containers: those of SPIRE's own programs without secrets; of others
 * only paths that can be a socket's, and the flags that make a CSI driver.
 */
final class Arguments {
  private static final List<String> IMAGES =
      List.of(
          "oidc-discovery-provider",
          "spiffe-csi",
          "spiffe-helper",
          "spire-agent",
          "spire-controller-manager",
          "spire-server");

  private static final Set<String> PROGRAMS =
      Set.of(
          "oidc-discovery-provider",
          "spiffe-csi-driver",
          "spiffe-helper",
          "spire-agent",
          "spire-controller-manager",
          "spire-server");

  private static final Set<String> FLAGS = Set.of("workload-api-socket-dir", "plugin-name");

  private final ArrayNode kept = JsonNodeFactory.instance.arrayNode();
  private final List<String> mounts;

  private Arguments(List<String> mounts) {
    this.mounts = mounts;
  }

  /**
   * Of a container.
   *
   * @param words its command or its arguments
   */
  static ArrayNode kept(JsonNode container, JsonNode words) {
    Arguments arguments =
        new Arguments(Json.list(container.path("volumeMounts"), m -> m.path("mountPath").asText()));
    if (isSpire(container)) {
      arguments.ofSpire(Json.texts(words));
    } else {
      arguments.ofOther(Json.texts(words));
    }
    return arguments.kept;
  }

  private static boolean isSpire(JsonNode container) {
    String image = container.path("image").asText();
    return IMAGES.stream().anyMatch(image::contains)
        || Json.texts(container.path("command")).stream()
            .limit(2)
            .map(word -> word.substring(word.lastIndexOf('/') + 1))
            .anyMatch(PROGRAMS::contains);
  }

  private void ofSpire(List<String> words) {
    boolean secret = false;
    for (String word : words) {
      kept.add(secret && !word.startsWith("-") ? Redaction.HIDDEN : Redaction.text(word));
      secret = word.startsWith("-") && word.indexOf('=') < 0 && SecretNames.isSecret(word);
    }
  }

  private void ofOther(List<String> words) {
    boolean flag = false;
    for (String word : words) {
      boolean value = flag;
      String name = word.startsWith("-") ? word.replaceFirst("^--?", "") : "";
      flag = FLAGS.contains(name);
      boolean assigned = FLAGS.stream().anyMatch(f -> name.startsWith(f + "="));
      if (flag || assigned || (value && name.isEmpty())) {
        kept.add(Redaction.text(word));
      } else {
        paths(word);
      }
    }
  }

  /** In a word, which may be a script. */
  private void paths(String word) {
    int at = 0;
    while (at < word.length()) {
      int end = at;
      while (end < word.length() && isPathChar(word.charAt(end))) {
        end++;
      }
      String path = word.substring(at, end);
      if (isSocket(path)) {
        kept.add(Redaction.text(path));
      }
      at = Math.max(end, at + 1);
    }
  }

  private static boolean isPathChar(char c) {
    return Chars.isKeyChar(c) || c == '/' || c == ':';
  }

  private boolean isSocket(String path) {
    boolean absolute = path.startsWith("/") && path.indexOf(':') < 0;
    return path.startsWith("unix:/")
        || (absolute
            && (path.contains(".sock")
                || path.contains("spire")
                || path.contains("spiffe")
                || mounts.stream().anyMatch(m -> m.length() > 1 && path.startsWith(m))));
  }
}
