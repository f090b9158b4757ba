package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Json;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Redaction;
import org.spiredoctor.kube.Volume;

/**
 * Addresses of the Workload API that stand in config maps of workloads: of spiffe-helper, of the
 * libraries for Java, of Envoy, of the OIDC discovery provider. Of such a config map nothing is
 * held but the lines with these settings, written anew.
 */
public final class AddressFiles {
  /** Those of one check; each owner has few. */
  private static final int MOST = 200;

  /** So that nobody keeps others' from being read. */
  private static final int MOST_OF_NAMESPACE = 10;

  /** Authorities that controllers put into every namespace. */
  private static final Set<String> AUTHORITIES =
      Set.of(
          "istio-ca-root-cert",
          "kube-root-ca.crt",
          "linkerd-identity-trust-roots",
          "openshift-service-ca.crt");

  private static final int LONGEST_LINE = 500;

  /** As HCL, JSON, YAML, TOML and properties write it. */
  private static final Pattern SETTING =
      Pattern.compile(
          "(?<![A-Za-z0-9_.-])\"?(agent_address|agentAddress|spiffeSocketPath|spiffe_endpoint_socket"
              + "|SPIFFE_ENDPOINT_SOCKET|socket_path|workload_api_socket|path)\"?\\s{0,8}[:=]\\s{0,8}"
              + "\"?((?:unix:(?://)?)?/[A-Za-z0-9._/-]{1,200})(?=[\"\\s,}]|$)");

  /** Those that name nothing else but the Workload API. */
  private static final Set<String> SURE =
      Set.of(
          "agent_address",
          "agentAddress",
          "spiffeSocketPath",
          "spiffe_endpoint_socket",
          "SPIFFE_ENDPOINT_SOCKET");

  /**
   * An address that a program may take from a file.
   *
   * @param key of the config map
   * @param setting in it
   * @param path of the socket, as the container sees it
   */
  public record FileAddress(String configMap, String key, String setting, String path) {
    /** Whether the setting is of nothing else but the Workload API. */
    public boolean isSure() {
      return SURE.contains(setting);
    }

    /** {@code config map helper, key helper.conf: agent_address = /x/y.sock}. */
    public String inWords() {
      return "config map " + configMap + ", key " + key + ": " + setting + " = " + path;
    }
  }

  private AddressFiles() {}

  /** The config maps that may hold the addresses of the pods that are asked about. */
  static List<Name> toRead(ClusterEvidence evidence) {
    Set<String> directories = Workloads.socketDirectories(evidence);
    Set<Name> names = new LinkedHashSet<>();
    Workloads.asked(evidence).stream()
        .filter(pod -> !pod.over())
        .forEach(
            pod ->
                Workloads.callers(pod, directories).stream()
                    .filter(container -> !Workloads.namesSocket(container, directories))
                    .flatMap(container -> mounted(pod, container))
                    .map(map -> new Name(pod.meta().namespace(), map.configMap()))
                    .forEach(names::add));
    Map<String, Integer> counts = new HashMap<>();
    return names.stream()
        .filter(name -> counts.merge(name.namespace(), 1, Integer::sum) <= MOST_OF_NAMESPACE)
        .limit(MOST)
        .toList();
  }

  /** Whether a volume may hold settings, and not only what every namespace has. */
  public static boolean mayHold(Volume volume) {
    return volume instanceof Volume.ConfigMap map && !AUTHORITIES.contains(map.configMap());
  }

  /**
   * A config map that a container mounts.
   *
   * @param key the only one that it sees of it; empty for all
   */
  private record Mounted(String configMap, String key) {}

  private static Stream<Mounted> mounted(Pod pod, Container container) {
    return container.mounts().stream()
        .flatMap(
            mount ->
                pod.volume(mount.volume()).stream()
                    .filter(AddressFiles::mayHold)
                    .map(
                        volume ->
                            new Mounted(((Volume.ConfigMap) volume).configMap(), mount.subPath())));
  }

  /** What may be held of a config map of a workload. */
  static JsonNode kept(JsonNode configMap) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    Json.strings(configMap.path("data"))
        .forEach(
            (key, text) -> {
              String lines = lines(text);
              if (!lines.isEmpty()) {
                data.put(Redaction.tokens(key), lines);
              }
            });
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    kept.set("metadata", configMap.path("metadata").deepCopy());
    return kept.set("data", data);
  }

  private static String lines(String text) {
    StringBuilder lines = new StringBuilder();
    if (text.length() <= SpireConfig.LONGEST) {
      text.lines()
          .filter(line -> line.length() <= LONGEST_LINE && !isComment(line))
          .flatMap(line -> SETTING.matcher(line).results())
          .filter(found -> isSocket(found.group(1), found.group(2)))
          .forEach(
              found ->
                  lines
                      .append(found.group(1))
                      .append(" = ")
                      .append(Redaction.text(found.group(2)))
                      .append('\n'));
    }
    return lines.toString();
  }

  /** A path may be anything else, such as that of a web hook. */
  private static boolean isSocket(String setting, String path) {
    return SURE.contains(setting) || path.endsWith(".sock") || path.endsWith("/socket");
  }

  private static boolean isComment(String line) {
    String text = line.stripLeading();
    return text.startsWith("#") || text.startsWith("//");
  }

  /** The addresses in the config maps that a container mounts, as far as they were read. */
  public static List<FileAddress> of(ClusterEvidence evidence, Pod pod, Container container) {
    return mounted(pod, container)
        .flatMap(
            map ->
                evidence.configMap(pod.meta().namespace(), map.configMap()).stream()
                    .flatMap(data -> data.entrySet().stream())
                    .filter(entry -> map.key().isEmpty() || map.key().equals(entry.getKey()))
                    .flatMap(entry -> settings(map.configMap(), entry)))
        .toList();
  }

  private static Stream<FileAddress> settings(String map, Map.Entry<String, String> entry) {
    return entry
        .getValue()
        .lines()
        .map(SETTING::matcher)
        .filter(Matcher::find)
        .map(
            found ->
                new FileAddress(
                    map,
                    entry.getKey(),
                    found.group(1),
                    found.group(2).replaceFirst("^unix:(//)?", "")));
  }
}
