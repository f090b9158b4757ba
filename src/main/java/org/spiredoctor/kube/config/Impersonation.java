package org.spiredoctor.kube.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.spiredoctor.kube.config.Kubeconfig.Part;

/**
 * As whom requests are made: {@code as}, {@code as-uid}, {@code as-groups} and {@code
 * as-user-extra} of a user.
 *
 * @param headers in their order; empty when nobody is impersonated
 * @see <a
 *     href="https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation">User
 *     impersonation</a>
 */
public record Impersonation(List<Map.Entry<String, String>> headers) {
  /** What a header's name may hold beside letters and digits, but for the percent sign. */
  private static final String TOKEN = "!#$&'*+-.^_`|~";

  /** Nobody. */
  public static final Impersonation NONE = new Impersonation(List.of());

  /** Of a user of a kubeconfig. */
  static Impersonation of(String name, Part user) throws ConfigException {
    String as = user.text("as");
    JsonNode groups = user.value().path("as-groups");
    JsonNode extra = user.value().path("as-user-extra");
    String uid = user.text("as-uid");
    if (as.isEmpty()) {
      if (!uid.isEmpty() || !groups.isEmpty() || !extra.isEmpty()) {
        throw new ConfigException(
            user.file()
                + ": user '"
                + name
                + "' has as-uid, as-groups or as-user-extra, but no 'as': name the user to"
                + " impersonate");
      }
      return NONE;
    }
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    add(headers, user, name, "Impersonate-User", as);
    if (!uid.isEmpty()) {
      add(headers, user, name, "Impersonate-Uid", uid);
    }
    for (JsonNode group : groups) {
      add(headers, user, name, "Impersonate-Group", group.asText());
    }
    for (Map.Entry<String, JsonNode> field : extra.properties()) {
      for (JsonNode value : field.getValue()) {
        add(headers, user, name, "Impersonate-Extra-" + escaped(field.getKey()), value.asText());
      }
    }
    return new Impersonation(List.copyOf(headers));
  }

  private static void add(
      List<Map.Entry<String, String>> headers, Part user, String name, String header, String value)
      throws ConfigException {
    // The HTTP client would send another character, and so another name.
    if (!Credentials.isHeader(value)) {
      throw new ConfigException(
          user.file()
              + ": user '"
              + name
              + "': "
              + header
              + " has characters that an HTTP header cannot carry");
    }
    headers.add(Map.entry(header, value));
  }

  /** As client-go escapes keys: what a header's name cannot hold is percent-encoded. */
  private static String escaped(String key) {
    StringBuilder escaped = new StringBuilder();
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || TOKEN.indexOf(c) >= 0;
      escaped.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
    }
    return escaped.toString();
  }
}
