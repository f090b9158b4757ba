package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.Pod;

/**
 * A ClusterSPIFFEID: the order to a spire-controller-manager to make an entry for each pod that it
 * selects.
 *
 * @param created when it was made
 * @param className empty when it has none
 * @param fallback whether it is only for pods that no other selects
 * @param template of the SPIFFE ID, for Go's text/template
 * @param namespaces which namespaces it selects, by their labels
 * @param pods which pods it selects, by their labels
 * @param privileged whether what it makes are admin or downstream entries
 * @param narrowed whether it asks for selectors of workloads beside those of the pod
 */
public record ClusterSpiffeId(
    String name,
    Optional<Instant> created,
    String className,
    boolean fallback,
    String template,
    JsonNode namespaces,
    JsonNode pods,
    boolean privileged,
    boolean narrowed,
    Stats stats) {
  private static final Pattern VARIABLE = Pattern.compile("\\{\\{ ?\\.([A-Za-z.]{1,40}) ?\\}\\}");

  private static final Duration SETTLED = Duration.ofSeconds(30);

  /** What came of it when it was last acted on; all zero when it never was. */
  public record Stats(int podsSelected, int renderFailures, int entriesMasked, int entryFailures) {}

  /** Those of a cluster. */
  public static Observed<List<ClusterSpiffeId>> of(ClusterEvidence evidence) {
    return evidence.declared();
  }

  static ClusterSpiffeId of(JsonNode json) {
    JsonNode spec = json.path("spec");
    JsonNode stats = json.path("status").path("stats");
    Meta meta = Meta.of(json);
    return new ClusterSpiffeId(
        meta.name(),
        meta.created(),
        spec.path("className").asText(),
        spec.path("fallback").asBoolean(),
        spec.path("spiffeIDTemplate").asText(),
        spec.path("namespaceSelector"),
        spec.path("podSelector"),
        spec.path("admin").asBoolean() || spec.path("downstream").asBoolean(),
        !spec.path("workloadSelectorTemplates").isEmpty(),
        new Stats(
            stats.path("podsSelected").asInt(),
            stats.path("podEntryRenderFailures").asInt(),
            stats.path("entriesMasked").asInt(),
            stats.path("entryFailures").asInt()));
  }

  /** Those that select a pod, whether a controller-manager acts on them or not. */
  public static List<ClusterSpiffeId> selecting(ClusterEvidence evidence, Pod pod) {
    return evidence
        .declarations()
        .candidates(pod)
        .filter(id -> id.selects(pod, evidence).orElse(false))
        .toList();
  }

  /** Whether it was made so lately that it need not have been acted on. */
  public boolean isNew(Instant now) {
    return created.filter(at -> at.plus(SETTLED).isAfter(now)).isPresent();
  }

  /** Whether nothing came of it, as far as it tells. */
  public boolean isIdle() {
    return stats.podsSelected == 0;
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
        : evidence.namespaceLabels(namespace).map(its -> LabelMiss.of(namespaces, its));
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
   * The SPIFFE ID that it gives a pod; absent where its template holds more than plain variables,
   * or one that is not known.
   */
  public Optional<String> spiffeId(Pod pod, Optional<String> trustDomain) {
    String id =
        VARIABLE
            .matcher(template)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        switch (found.group(1)) {
                          case "TrustDomain" -> trustDomain.orElseGet(found::group);
                          case "PodMeta.Namespace" -> pod.meta().namespace();
                          case "PodMeta.Name" -> pod.meta().name();
                          case "PodMeta.UID" -> pod.meta().uid();
                          case "PodSpec.ServiceAccountName" -> pod.serviceAccount();
                          default -> found.group();
                        }));
    return template.isEmpty() || id.contains("{{") ? Optional.empty() : Optional.of(id);
  }
}
