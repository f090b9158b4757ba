package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Commands and arguments of containers: those of SPIRE's own programs without secrets; of others
 * only paths that can be a socket's, symbolic links from socket to socket, and what makes a CSI
 * driver of an image of one's own.
 */
final class Arguments {
  private static final Set<String> PROGRAMS =
      Set.of(
          "oidc-discovery-provider",
          "spiffe-csi-driver",
          "spiffe-helper",
          "spire-agent",
          "spire-controller-manager",
          "spire-server");

  /** Of a CSI driver in an image of one's own: a directory, and a name such as a host has. */
  private static final Set<String> FLAGS = Set.of("workload-api-socket-dir", "plugin-name");

  /** What a link that is made begins with. */
  static final String LINK = "ln -s ";

  private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s;&|()\"']+");

  private static final Pattern SYMBOLIC = Pattern.compile("-[a-zA-Z]*s[a-zA-Z]*");

  private static final Pattern DRIVER_NAME =
      Pattern.compile("[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63}){1,6}");

  /** As short as those that installations choose; a longer word may be anything. */
  private static final Pattern SOCKET_NAME =
      Pattern.compile("socket|[a-z][a-z0-9_-]{0,30}\\.sock(et)?");

  /** Of a socket's address (unix(7)). */
  private static final int LONGEST_PATH = 108;

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
    return PROGRAMS.stream().anyMatch(program -> Images.hold(image, program))
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
    links(String.join(" ", words));
    boolean value = false;
    for (String word : words) {
      String name = word.replaceFirst("^--?", "");
      boolean assigned = FLAGS.stream().anyMatch(f -> name.startsWith(f + "="));
      boolean flag = word.startsWith("-") && FLAGS.contains(name);
      String told = assigned ? name.substring(name.indexOf('=') + 1) : word;
      if (flag || word.equals("run") || ((assigned || value) && isTold(told))) {
        kept.add(Redaction.text(word));
      } else {
        paths(word);
      }
      value = flag;
    }
  }

  /** As {@code ln -s TARGET NAME}, of sockets, and without their directories. */
  private void links(String script) {
    List<String> words = BETWEEN_WORDS.splitAsStream(script).toList();
    for (int i = 0; i + 3 < words.size(); i++) {
      if (words.get(i).equals("ln")
          && SYMBOLIC.matcher(words.get(i + 1)).matches()
          && isSocketName(words.get(i + 2))
          && isSocketName(words.get(i + 3))) {
        kept.add(LINK + name(words.get(i + 2)) + " " + name(words.get(i + 3)));
      }
    }
  }

  private static boolean isSocketName(String path) {
    return path.length() <= LONGEST_PATH && SOCKET_NAME.matcher(name(path)).matches();
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The directory, or a name as drivers have. */
  private static boolean isTold(String word) {
    return DRIVER_NAME.matcher(word).matches()
        || (word.startsWith("/")
            && word.length() <= LONGEST_PATH
            && word.chars().allMatch(c -> isPathChar((char) c)));
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
