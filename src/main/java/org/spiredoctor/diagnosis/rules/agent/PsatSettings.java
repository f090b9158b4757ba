package org.spiredoctor.diagnosis.rules.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.SpireConfig;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/** What server and agents are set to for attestation by projected service account tokens. */
final class PsatSettings {
  /** The server's default. */
  static final String AUDIENCE = "spire-server";

  private static final List<String> PLUGIN =
      List.of("plugins", "NodeAttestor", "k8s_psat", "plugin_data");

  private PsatSettings() {}

  private static String[] path(String... settings) {
    return Stream.concat(PLUGIN.stream(), Stream.of(settings)).toArray(String[]::new);
  }

  /** Whether it attests so. */
  static boolean attests(SpireConfig config) {
    return config.has(path());
  }

  /** Whether a server takes agents that attest with this name of a cluster. */
  static boolean takes(SpireConfig server, String cluster) {
    return server.has(path("clusters", cluster));
  }

  /** Whether a server gives agents of a cluster the id of their pod, and not of their node. */
  static boolean namesPods(SpireConfig server, String cluster) {
    String[] setting = path("clusters", cluster, "use_pod_uid_for_agent_id");
    // A value that is not known may be either.
    return server.has(setting) && !server.value(setting).equals(Optional.of("false"));
  }

  /** The audiences that a server takes; empty when not known, or when it takes the cluster's. */
  static List<String> audiences(SpireConfig server, Component agents) {
    return cluster(server, agents)
        .map(
            name ->
                server.has(path("clusters", name, "audience"))
                    ? server.values(path("clusters", name, "audience"))
                    : List.of(AUDIENCE))
        .orElse(List.of());
  }

  /** The service accounts that a server takes agents of, as {@code namespace:name}. */
  static List<String> allowed(SpireConfig server, Component agents) {
    return cluster(server, agents)
        .map(name -> server.values(path("clusters", name, "service_account_allow_list")))
        .orElse(List.of());
  }

  /** The server's settings for the cluster that the agents name, or for the only one there is. */
  private static Optional<String> cluster(SpireConfig server, Component agents) {
    List<String> clusters = server.keys(path("clusters"));
    return agents
        .config()
        .cluster()
        .filter(clusters::contains)
        .or(() -> cluster(server).filter(_ -> clusters.size() == 1));
  }

  /** The first cluster that a server is set to. */
  static Optional<String> cluster(SpireConfig server) {
    return server.keys(path("clusters")).stream().findFirst();
  }

  /** The file of an agent's token in its volume. */
  static String tokenFile(Component agents) {
    String path = tokenPath(agents);
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Where an agent reads its token. */
  static String tokenPath(Component agents) {
    return agents.config().value(path("token_path")).orElse("/var/run/secrets/tokens/spire-agent");
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
