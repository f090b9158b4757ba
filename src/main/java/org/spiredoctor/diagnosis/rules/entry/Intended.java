package org.spiredoctor.diagnosis.rules.entry;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.kube.Pod;

/**
 * The ClusterSPIFFEID that selects a pod which has only the identity of a fallback. The
 * controller-manager acts on fallbacks last, and gives them to pods of which no other made an
 * entry.
 */
final class Intended {
  private Intended() {}

  /**
   * Whether a fallback that is acted on selects a pod, and of what else is acted on nothing came.
   */
  static boolean isByFallback(ClusterCase cluster, PodEntryMatch one) {
    return acted(cluster, one.pod()).anyMatch(id -> id.fallback() && !isOther(id, one, false))
        && acted(cluster, one.pod())
            .filter(id -> !id.fallback() && !id.narrowed())
            .allMatch(id -> isWithoutEffect(id, one));
  }

  private static Stream<ClusterSpiffeId> acted(ClusterCase cluster, Pod pod) {
    return selecting(cluster, pod).stream()
        .filter(id -> ClusterSpiffeIdDiagnosis.isActedOn(cluster, id, pod));
  }

  private static List<ClusterSpiffeId> selecting(ClusterCase cluster, Pod pod) {
    return ClusterSpiffeId.selecting(cluster.evidence(), pod);
  }

  /** Of which identity comes nothing is known by its failures only. */
  private static boolean isWithoutEffect(ClusterSpiffeId id, PodEntryMatch one) {
    boolean failed = id.isIdle() || id.stats().renderFailures() > 0;
    return failed && isOther(id, one);
  }

  /** What selects it, is no fallback, and creates no entry for it. */
  static Optional<ClusterSpiffeId> of(ClusterCase cluster, PodEntryMatch one) {
    return selecting(cluster, one.pod()).stream()
        .filter(id -> !id.fallback() && !id.narrowed() && !id.privileged())
        .filter(id -> !id.isNew(cluster.evidence().at()))
        .filter(id -> isOther(id, one))
        .filter(
            id ->
                ClusterSpiffeIdDiagnosis.isActedOn(cluster, id, one.pod())
                    || ClusterSpiffeIdDiagnosis.lacksClass(cluster, id, one.pod())
                    || MisdirectedDeclaration.of(cluster, id, one.pod()).isPresent())
        .findFirst();
  }

  /** It was acted on when its status was written, and lost its class, or has another's pods. */
  static boolean wasActedOn(ClusterCase cluster, ClusterSpiffeId id, PodEntryMatch one) {
    return !id.isIdle() && !ClusterSpiffeIdDiagnosis.isActedOn(cluster, id, one.pod());
  }

  /** Where it has that identity too nothing is amiss; Istio's guide relies on that. */
  static boolean isOther(ClusterSpiffeId id, PodEntryMatch one) {
    return isOther(id, one, true);
  }

  private static boolean isOther(ClusterSpiffeId id, PodEntryMatch one, boolean whereUnknown) {
    return wanted(id, one)
        .map(
            wanted ->
                one.entryMatch().entries().stream()
                    .noneMatch(entry -> entry.spiffeId().equals(wanted)))
        .orElse(whereUnknown);
  }

  /** The SPIFFE ID that an object would give a pod, where that can be told. */
  static Optional<String> wanted(ClusterSpiffeId id, PodEntryMatch one) {
    return id.spiffeId(one.pod(), one.home().trustDomain());
  }
}
