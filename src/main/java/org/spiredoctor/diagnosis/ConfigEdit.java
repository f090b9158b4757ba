package org.spiredoctor.diagnosis;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
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

  /** Gives a setting another value, in HCL and in JSON, and starts the pods with it. */
  public String replace(String setting, String from, String to) {
    return sed(
        "s/\\("
            + setting
            + "\"\\{0,1\\} *[=:] *\"\\{0,1\\}\\)"
            + quoted(from).replace("*", "\\*").replace("[", "\\[")
            + "/\\1"
            + quoted(to)
            + "/");
  }

  /** Gives a block another name. */
  public String rename(String from, String to) {
    return sed(
        "s/\\([[:space:]{\"]\\)"
            + quoted(from)
            + "\\(\"\\{0,1\\} *[=:]\\{0,1\\} *{\\)/\\1"
            + quoted(to)
            + "\\2/");
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("/", "\\/").replace("&", "\\&").replace(".", "\\.");
  }

  /** Changes the text by an expression of {@code sed}, and starts the pods with it. */
  public String sed(String expression) {
    String namespace = component.namespace();
    return Kubectl.command(
            "get",
            "configmap",
            "-n",
            namespace,
            configMap,
            "-o",
            "jsonpath={.data." + key.replace(".", "\\.") + "}")
        + " | sed "
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
