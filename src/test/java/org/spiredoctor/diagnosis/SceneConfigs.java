package org.spiredoctor.diagnosis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.kube.Kind;

/** The config maps and logs of a {@link ClusterScene}. */
public abstract class SceneConfigs extends SceneObjects {
  final Map<Name, Observed<JsonNode>> configMaps = new LinkedHashMap<>();
  final Map<LogOf, Observed<String>> logs = new LinkedHashMap<>();

  /** The data of a config map of SPIRE. */
  public ClusterScene configMap(String name, String key, String text) {
    return configMapIn("spire-system", name, key, text);
  }

  /** A config map of SPIRE that was not seen. */
  public ClusterScene configMapUnseen(String name, Reason reason) {
    configMaps.put(
        new Name("spire-system", name),
        new Unseen<>(reason, "get configmaps in namespace spire-system", "interrupted"));
    return self();
  }

  /** The data of a config map in another namespace. */
  public ClusterScene configMapIn(String namespace, String name, String key, String text) {
    ObjectNode map = MAPPER.createObjectNode();
    map.putObject("data").put(key, text);
    configMaps.put(new Name(namespace, name), new Seen<>(map));
    return self();
  }

  /** What the agent's configuration says besides. */
  public ClusterScene agentConfig(String more) {
    String text =
        Optional.ofNullable(configMaps.get(new Name("spire-system", "spire-agent")))
            .flatMap(Observed::seen)
            .orElseThrow()
            .at("/data/agent.conf")
            .asText();
    return configMap("spire-agent", "agent.conf", text + more);
  }

  /** What a container of SPIRE or of another pod logged. */
  public ClusterScene log(
      String namespace, String pod, String container, boolean previous, String text) {
    logs.put(new LogOf(namespace, pod, container, previous), new Seen<>(text));
    return self();
  }

  /** Changes a part of a configuration. */
  public ClusterScene configEdit(String name, String key, String from, String to) {
    String text =
        Optional.ofNullable(configMaps.get(new Name("spire-system", name)))
            .flatMap(Observed::seen)
            .orElseThrow()
            .path("data")
            .path(key)
            .asText();
    if (!text.contains(from)) {
      throw new IllegalArgumentException(from);
    }
    return configMap(name, key, text.replace(from, to));
  }

  /** One more key of a config map. */
  public ClusterScene addToConfigMap(String name, String key, String text) {
    return addToConfigMapIn("spire-system", name, key, text);
  }

  /** The same in another namespace. */
  public ClusterScene addToConfigMapIn(String namespace, String name, String key, String text) {
    Optional.ofNullable(configMaps.get(new Name(namespace, name)))
        .flatMap(Observed::seen)
        .ifPresent(map -> ((ObjectNode) map.path("data")).put(key, text));
    return self();
  }

  /** A log that was not seen. */
  public ClusterScene logUnseen(String namespace, String pod, String container, Reason reason) {
    logs.put(
        new LogOf(namespace, pod, container, false),
        new Unseen<>(reason, "get pods/log in namespace " + namespace, "403 pods/log"));
    return self();
  }

  /** What the agent logged. */
  public ClusterScene agentLog(String text) {
    return log("spire-system", "spire-agent-x1y2z", "spire-agent", false, text);
  }

  /** What the server logged. */
  public ClusterScene serverLog(String text) {
    return log("spire-system", "spire-server-0", "spire-server", false, text);
  }

  /** A spire-controller-manager beside the server, with these settings. */
  public ClusterScene controllerManager(String settings) {
    configMap(
        "spire-controller-manager",
        "controller-manager-config.yaml",
        "kind: ControllerManagerConfig\ntrustDomain: example.org\n" + settings);
    return edit(
        Kind.POD,
        "spire-server-0",
        o -> {
          ((ArrayNode) o.at("/spec/containers"))
              .add(
                  json(
                      "{name: spire-controller-manager, image:"
                          + " 'ghcr.io/spiffe/spire-controller-manager:0.6.4'}"));
          ((ArrayNode) o.at("/spec/volumes"))
              .add(json("{name: scm, configMap: {name: spire-controller-manager}}"));
        });
  }

  /** What the controller-manager logged. */
  public ClusterScene controllerLog(String text) {
    return log("spire-system", "spire-server-0", "spire-controller-manager", false, text);
  }

  /** The agent ends as soon as it is started. */
  public ClusterScene agentCrashes(String log) {
    return crashes("spire-agent-x1y2z")
        .log("spire-system", "spire-agent-x1y2z", "spire-agent", true, log);
  }

  /** The server ends as soon as it is started. */
  public ClusterScene serverCrashes(String log) {
    return crashes("spire-server-0")
        .log("spire-system", "spire-server-0", "spire-server", true, log);
  }

  ClusterScene crashes(String pod) {
    return notReady(pod)
        .edit(
            Kind.POD,
            pod,
            o -> {
              ObjectNode status = (ObjectNode) o.at("/status/containerStatuses/0");
              status.put("restartCount", 5);
              status.set(
                  "state", json("waiting: {reason: CrashLoopBackOff, message: back-off 40s}"));
              status.set("lastState", json("terminated: {exitCode: 1, reason: Error}"));
            });
  }

  /** The log of a container may not be read. */
  public ClusterScene logForbidden(String pod, String container) {
    logs.put(
        new LogOf("spire-system", pod, container, false),
        new Unseen<>(Reason.FORBIDDEN, "get pods/log in spire-system", "403"));
    return self();
  }
}
