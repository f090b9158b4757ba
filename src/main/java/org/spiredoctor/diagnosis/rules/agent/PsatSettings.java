package org.spiredoctor.diagnosis.rules.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.SpireConfig;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/** What server and agents are set to for attestation by projected service account tokens. */
final class PsatSettings {
  /** The server's default. */
  static final String AUDIENCE = "spire-server";

  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
  private static final Pattern CLUSTER =
      Pattern.compile("\\bclusters\"?\\s*[=:]\\s*[\\[{\\s]*\"?([\\w.-]+)\"?\\s*[=:{]");

  private PsatSettings() {}

  /** The audiences that a server takes; empty when not known, or when it takes the cluster's. */
  static List<String> audiences(SpireConfig server) {
    if (server.text().isEmpty()) {
      return List.of();
    }
    List<List<String>> lists = lists(server, "audience");
    // Other plugins have audiences too: of several none can be told to be this.
    return lists.isEmpty() ? List.of(AUDIENCE) : lists.size() == 1 ? lists.getFirst() : List.of();
  }

  /** The service accounts that a server takes agents of, as {@code namespace:name}. */
  static List<String> allowed(SpireConfig server) {
    return lists(server, "service_account_allow_list").stream().flatMap(List::stream).toList();
  }

  /** The first cluster that a server is set to. */
  static Optional<String> cluster(SpireConfig server) {
    Matcher matcher = CLUSTER.matcher(withoutComments(server));
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static List<List<String>> lists(SpireConfig config, String setting) {
    List<List<String>> lists = new ArrayList<>();
    Matcher matcher =
        Pattern.compile("\\b" + setting + "\"?\\s*[=:]\\s*\\[([^\\]]*)\\]")
            .matcher(withoutComments(config));
    while (matcher.find()) {
      lists.add(QUOTED.matcher(matcher.group(1)).results().map(found -> found.group(1)).toList());
    }
    return lists;
  }

  private static String withoutComments(SpireConfig config) {
    return config
        .text()
        .lines()
        .filter(line -> !line.strip().startsWith("#") && !line.strip().startsWith("//"))
        .collect(Collectors.joining("\n"));
  }

  /** The file of an agent's token in its volume. */
  static String tokenFile(Component agents) {
    String path = tokenPath(agents);
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Where an agent reads its token. */
  static String tokenPath(Component agents) {
    return agents.config().value("token_path").orElse("/var/run/secrets/tokens/spire-agent");
  }

  /** The audience of an agent's token; absent when it has none, empty for the cluster's own. */
  static Optional<String> audience(Pod pod, Component agents) {
    String file = tokenFile(agents);
    return pod.volumes().stream()
        .filter(Volume.Tokens.class::isInstance)
        .map(Volume.Tokens.class::cast)
        .filter(tokens -> tokens.paths().contains(file))
        .map(tokens -> tokens.audiences().get(tokens.paths().indexOf(file)))
        .findFirst();
  }

  /** The pointer to an agent's token in the spec of its pods. */
  static Optional<String> tokenPointer(JsonNode spec, String file) {
    JsonNode volumes = spec.path("volumes");
    for (int v = 0; v < volumes.size(); v++) {
      JsonNode sources = volumes.path(v).path("projected").path("sources");
      for (int s = 0; s < sources.size(); s++) {
        JsonNode token = sources.path(s).path("serviceAccountToken");
        if (token.path("path").asText().equals(file)) {
          return Optional.of(
              "/spec/template/spec/volumes/"
                  + v
                  + "/projected/sources/"
                  + s
                  + "/serviceAccountToken");
        }
      }
    }
    return Optional.empty();
  }
}
