package org.spiredoctor.diagnosis.rules.agent;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Volume;
import org.spiredoctor.pod.AnyPath;

/** The config map, and the key in it, of the bundle by which agents know their server. */
record BundleSource(String namespace, String configMap, String key) {

  /** Absent where the bundle is in no config map. */
  static Optional<BundleSource> of(AgentPod agent) {
    return agent
        .component()
        .config()
        .value("agent", "trust_bundle_path")
        .map(AnyPath::of)
        .filter(path -> path.getParent() != null && path.getFileName() != null)
        .flatMap(
            path ->
                agent.container().stream()
                    .flatMap(c -> c.mounts().stream())
                    .filter(mount -> path.startsWith(AnyPath.of(mount.path())))
                    .flatMap(mount -> agent.pod().volume(mount.volume()).stream())
                    .filter(Volume.ConfigMap.class::isInstance)
                    .map(volume -> of(agent, ((Volume.ConfigMap) volume).configMap(), path))
                    .findFirst());
  }

  private static BundleSource of(AgentPod agent, String configMap, Path path) {
    return new BundleSource(
        agent.component().namespace(), configMap, String.valueOf(path.getFileName()));
  }

  /** Whether an agent says that the bundle cannot be read, and not that it is a wrong one. */
  static boolean isUnread(Log.Line line) {
    return line.says("PEM") || line.says("parse trust bundle") || line.says("no certs");
  }

  /** Whether the config map has a bundle under the key. */
  boolean isThere(ClusterEvidence evidence) {
    return !data(evidence).getOrDefault(key, "").isBlank();
  }

  /** The one key that is in the config map instead of the one that is looked for. */
  Optional<String> otherKey(ClusterEvidence evidence) {
    Map<String, String> data = data(evidence);
    List<String> bundles =
        data.entrySet().stream()
            .filter(one -> one.getValue().contains("BEGIN CERTIFICATE"))
            .map(Map.Entry::getKey)
            .toList();
    return bundles.size() == 1 && !data.containsKey(key)
        ? bundles.stream().findFirst()
        : Optional.empty();
  }

  private Map<String, String> data(ClusterEvidence evidence) {
    return evidence.configMap(namespace, configMap).orElse(Map.of());
  }
}
