package org.spiredoctor.kube.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.kube.config.ApiTarget.ServerTrust;
import org.spiredoctor.kube.config.ExecPlugin.Interaction;
import org.spiredoctor.kube.config.Kubeconfig.Part;

/** Reads the {@code exec} of a user. */
final class ExecSettings {
  private static final String GROUP = "client.authentication.k8s.io/";
  private static final Set<String> VERSIONS = Set.of(GROUP + "v1", GROUP + "v1beta1");

  /** The extension of a cluster that is meant for plugins. */
  private static final String EXTENSION = GROUP + "exec";

  private ExecSettings() {}

  static ExecPlugin.Settings of(String name, Part user, Part cluster, ServerTrust trust)
      throws ConfigException {
    JsonNode exec = user.value().path("exec");
    String where = user.file() + ": exec of user '" + name + "': ";
    String version = exec.path("apiVersion").asText();
    if (!VERSIONS.contains(version)) {
      throw new ConfigException(
          where + "apiVersion must be " + GROUP + "v1 or " + GROUP + "v1beta1");
    }
    String command = exec.path("command").asText();
    if (command.isEmpty()) {
      throw new ConfigException(where + "it has no command");
    }
    List<String> arguments = new ArrayList<>();
    exec.path("args").forEach(word -> arguments.add(word.asText()));
    Map<String, String> environment = new LinkedHashMap<>();
    for (JsonNode variable : exec.path("env")) {
      String of = variable.path("name").asText();
      if (of.isEmpty() || of.contains("=")) {
        throw new ConfigException(where + "a variable of env has no proper name");
      }
      environment.put(of, variable.path("value").asText());
    }
    return new ExecPlugin.Settings(
        version,
        // A bare name is looked up in PATH.
        command.contains("/") ? user.resolve(command).normalize().toString() : command,
        List.copyOf(arguments),
        environment,
        interaction(exec.path("interactiveMode").asText(), version, where),
        exec.path("installHint").asText(),
        exec.path("provideClusterInfo").asBoolean()
            ? Optional.of(info(cluster, trust))
            : Optional.empty());
  }

  private static Interaction interaction(String mode, String version, String where)
      throws ConfigException {
    return switch (mode) {
      case "Never" -> Interaction.NEVER;
      case "IfAvailable" -> Interaction.IF_AVAILABLE;
      case "Always" -> Interaction.ALWAYS;
      case "" -> {
        if (version.equals(GROUP + "v1")) {
          throw new ConfigException(where + "interactiveMode must be given");
        }
        yield Interaction.IF_AVAILABLE;
      }
      default ->
          throw new ConfigException(where + "interactiveMode must be Never, IfAvailable or Always");
    };
  }

  private static ObjectNode info(Part cluster, ServerTrust trust) {
    ObjectNode info = JsonNodeFactory.instance.objectNode();
    info.put("server", cluster.text("server"));
    trust.serverName().ifPresent(name -> info.put("tls-server-name", name));
    if (trust.insecure()) {
      info.put("insecure-skip-tls-verify", true);
    }
    trust
        .authorities()
        .ifPresent(
            pem -> info.put("certificate-authority-data", Base64.getEncoder().encodeToString(pem)));
    if (!cluster.text("proxy-url").isEmpty()) {
      info.put("proxy-url", cluster.text("proxy-url"));
    }
    for (JsonNode extension : cluster.value().path("extensions")) {
      if (extension.path("name").asText().equals(EXTENSION)) {
        info.set("config", extension.path("extension"));
      }
    }
    return info;
  }
}
