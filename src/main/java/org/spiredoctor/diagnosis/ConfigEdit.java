package org.spiredoctor.diagnosis;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Discovery;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.kube.Json;

/**
 * Where the configuration of a server or agent lies.
 *
 * @param key in the config map
 */
public record ConfigEdit(Component component, String configMap, String key) {
  private static final Pattern SPECIAL = Pattern.compile("[\\\\.\\[\\](){}*+?^$|/]");

  /** Of a component, where its configuration was seen. */
  public static Optional<ConfigEdit> of(ClusterEvidence evidence, Component component) {
    return component.specimen().stream()
        .flatMap(pod -> Discovery.configMaps(pod).stream())
        .flatMap(
            name ->
                Optional.ofNullable(
                    evidence.snapshot().configMaps().get(new Name(component.namespace(), name)))
                    .flatMap(map -> map.seen())
                    .flatMap(map -> key(map, component.config().text()))
                    .map(key -> new ConfigEdit(component, name, key))
                    .stream())
        .findFirst();
  }

  private static Optional<String> key(JsonNode map, String text) {
    return text.isEmpty()
        ? Optional.empty()
        : Json.strings(map.path("data")).entrySet().stream()
            .filter(one -> one.getValue().equals(text))
            .map(Map.Entry::getKey)
            .findFirst();
  }

  /**
   * Gives a setting another value, in HCL and in JSON, and starts the pods with it; absent where
   * blocks have the same setting with the same value, since only one of them is meant.
   */
  public Optional<String> replace(String setting, String from, String to) {
    return change(
        "((^|[^A-Za-z0-9_])"
            + literal(setting)
            + "\"?[[:space:]]*[=:][[:space:]]*\"?)"
            + literal(from)
            + "([[:space:]\",}]|$)",
        "\\1" + replacement(to) + "\\3");
  }

  /** Gives a block another name; absent where more than one has it. */
  public Optional<String> rename(String from, String to) {
    return change(
        "(^|[[:space:]{\"])" + literal(from) + "(\"?[[:space:]]*[=:]?[[:space:]]*\\{)",
        "\\1" + replacement(to) + "\\2");
  }

  /** A text as an extended regular expression that matches nothing else. */
  public static String literal(String text) {
    return SPECIAL.matcher(text).replaceAll("\\\\$0");
  }

  /** A text as what {@code sed} puts in another's place. */
  public static String replacement(String text) {
    return text.replace("\\", "\\\\").replace("/", "\\/").replace("&", "\\&");
  }

  /**
   * Changes the one place that an extended regular expression matches, and starts the pods with it;
   * absent where it matches at several places or at none: then nobody can tell what the command
   * would change. The configuration is looked at as it is kept, without comments; one that matches
   * as well is changed as well.
   */
  public Optional<String> change(String expression, String replacement) {
    return isOnce(expression)
        ? Optional.of(sed("s/" + expression + "/" + replacement + "/"))
        : Optional.empty();
  }

  private boolean isOnce(String expression) {
    Pattern pattern = Pattern.compile(expression.replace("[:space:]", "\\s"));
    int places = 0;
    for (String line : component.config().text().split("\n", -1)) {
      Matcher matcher = pattern.matcher(line);
      // The character between two places may belong to both.
      for (int from = 0; from <= line.length() && matcher.find(from); ) {
        from = Math.max(matcher.start() + 1, matcher.end() - 1);
        places++;
      }
    }
    return places == 1;
  }

  /** Where what is there could not be read, nothing is changed: an empty text is valid, too. */
  private String sed(String expression) {
    String namespace = component.namespace();
    String now =
        Kubectl.command(
            "get",
            "configmap",
            "-n",
            namespace,
            configMap,
            "-o",
            "jsonpath={.data." + key.replace(".", "\\.") + "}");
    return Shell.filled("config", now)
        + " | sed -E "
        + Shell.quote(expression)
        + " | "
        + Kubectl.command(
            "create",
            "configmap",
            configMap,
            "--from-file=" + key + "=/dev/stdin",
            "--dry-run=client",
            "-o",
            "yaml")
        + " | "
        + Kubectl.command(
            "patch", "configmap", "-n", namespace, configMap, "--patch-file=/dev/stdin")
        + Kubectl.anew(component).map(anew -> " && " + anew).orElse("");
  }
}
