package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.spiredoctor.kube.Json;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;

/**
 * A ClusterSPIFFEID: the order to a spire-controller-manager to make an entry for each pod that it
 * selects.
 *
 * @param className empty when it has none
 * @param fallback whether it is only for pods that no other selects
 * @param namespaces which namespaces it selects, by their labels
 * @param everyNamespace whether it selects all of them
 * @param pods which pods it selects, by their labels
 */
public record ClusterSpiffeId(
    String name,
    String className,
    boolean fallback,
    Predicate<Map<String, String>> namespaces,
    boolean everyNamespace,
    Predicate<Map<String, String>> pods,
    Stats stats) {

  /** What came of it when it was last acted on; all zero when it never was. */
  public record Stats(int podsSelected, int renderFailures, int entriesMasked, int entryFailures) {}

  /** Those of a cluster. */
  public static Observed<List<ClusterSpiffeId>> of(ClusterEvidence evidence) {
    return evidence
        .snapshot()
        .objects(Kind.CLUSTER_SPIFFE_ID)
        .map(list -> list.stream().map(ClusterSpiffeId::of).toList());
  }

  private static ClusterSpiffeId of(JsonNode json) {
    JsonNode spec = json.path("spec");
    JsonNode stats = json.path("status").path("stats");
    return new ClusterSpiffeId(
        json.path("metadata").path("name").asText(),
        spec.path("className").asText(),
        spec.path("fallback").asBoolean(),
        LabelSelector.of(spec.path("namespaceSelector")),
        spec.path("namespaceSelector").isEmpty(),
        LabelSelector.of(spec.path("podSelector")),
        new Stats(
            stats.path("podsSelected").asInt(),
            stats.path("podEntryRenderFailures").asInt(),
            stats.path("entriesMasked").asInt(),
            stats.path("entryFailures").asInt()));
  }

  /** Whether it selects a pod; absent when the labels of the pod's namespace are not known. */
  public Optional<Boolean> selects(Pod pod, ClusterEvidence evidence) {
    if (!pods.test(pod.meta().labels())) {
      return Optional.of(false);
    }
    return everyNamespace
        ? Optional.of(true)
        : labels(pod.meta().namespace(), evidence).map(namespaces::test);
  }

  private static Optional<Map<String, String>> labels(String namespace, ClusterEvidence evidence) {
    return evidence.snapshot().objects(Kind.NAMESPACE).seen().orElse(List.of()).stream()
        .map(json -> json.path("metadata"))
        .filter(meta -> meta.path("name").asText().equals(namespace))
        .findFirst()
        .map(
            meta -> {
              Map<String, String> labels = new HashMap<>(Json.strings(meta.path("labels")));
              // Every namespace has it, set by the API server.
              labels.put("kubernetes.io/metadata.name", namespace);
              return labels;
            });
  }
}
