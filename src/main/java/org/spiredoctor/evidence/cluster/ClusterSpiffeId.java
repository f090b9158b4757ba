package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spiredoctor.kube.Json;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;

/**
 * A ClusterSPIFFEID: the order to a spire-controller-manager to make an entry for each pod that it
 * selects.
 *
 * @param className empty when it has none
 * @param fallback whether it is only for pods that no other selects
 * @param template of the SPIFFE ID, for Go's text/template
 * @param namespaces which namespaces it selects, by their labels
 * @param pods which pods it selects, by their labels
 */
public record ClusterSpiffeId(
    String name,
    String className,
    boolean fallback,
    String template,
    JsonNode namespaces,
    JsonNode pods,
    Stats stats) {
  private static final Pattern VARIABLE = Pattern.compile("\\{\\{ ?\\.([A-Za-z.]{1,40}) ?\\}\\}");

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
        spec.path("spiffeIDTemplate").asText(),
        spec.path("namespaceSelector"),
        spec.path("podSelector"),
        new Stats(
            stats.path("podsSelected").asInt(),
            stats.path("podEntryRenderFailures").asInt(),
            stats.path("entriesMasked").asInt(),
            stats.path("entryFailures").asInt()));
  }

  /** Those that select a pod, whether they are heeded or not. */
  public static List<ClusterSpiffeId> selecting(ClusterEvidence evidence, Pod pod) {
    return of(evidence).seen().orElse(List.of()).stream()
        .filter(id -> id.selects(pod, evidence).orElse(false))
        .toList();
  }

  /** Whether it selects all namespaces. */
  public boolean everyNamespace() {
    return namespaces.isEmpty();
  }

  /** Whether it selects a pod; absent when the labels of the pod's namespace are not known. */
  public Optional<Boolean> selects(Pod pod, ClusterEvidence evidence) {
    return missesOfPod(pod).isEmpty()
        ? missesOfNamespace(pod.meta().namespace(), evidence).map(List::isEmpty)
        : Optional.of(false);
  }

  /** What the labels of a pod lack for it. */
  public List<LabelMiss> missesOfPod(Pod pod) {
    return LabelMiss.of(pods, pod.meta().labels());
  }

  /** The same of the pod's namespace; absent when its labels are not known. */
  public Optional<List<LabelMiss>> missesOfNamespace(String namespace, ClusterEvidence evidence) {
    return everyNamespace()
        ? Optional.of(List.of())
        : labels(namespace, evidence).map(its -> LabelMiss.of(namespaces, its));
  }

  /** How many labels it asks for; what it leaves out is none. */
  public int requirements() {
    return Stream.of(pods, namespaces)
        .mapToInt(
            selector ->
                selector.path("matchLabels").size()
                    + (int)
                        selector
                            .path("matchExpressions")
                            .valueStream()
                            .map(one -> one.path("operator").asText())
                            .filter(operator -> operator.equals("In") || operator.equals("Exists"))
                            .count())
        .sum();
  }

  /**
   * The SPIFFE ID that it gives a pod; absent where its template holds more than plain variables.
   */
  public Optional<String> spiffeId(Pod pod, String trustDomain) {
    String id =
        VARIABLE
            .matcher(template)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        switch (found.group(1)) {
                          case "TrustDomain" -> trustDomain;
                          case "PodMeta.Namespace" -> pod.meta().namespace();
                          case "PodMeta.Name" -> pod.meta().name();
                          case "PodMeta.UID" -> pod.meta().uid();
                          case "PodSpec.ServiceAccountName" -> pod.serviceAccount();
                          default -> found.group();
                        }));
    return template.isEmpty() || id.contains("{{") ? Optional.empty() : Optional.of(id);
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
