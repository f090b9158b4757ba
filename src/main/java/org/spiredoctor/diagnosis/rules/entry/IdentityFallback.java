package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.PodStanding;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.identity.Standing;
import org.spiredoctor.kube.Pod;

/**
 * A pod has the identity of a fallback, such as the one of SPIRE's Helm chart, though another
 * ClusterSPIFFEID was meant for it: that one selects it and is not heeded, or does not select it
 * for a slip of the pen.
 */
@AutoService(Rule.class)
public final class IdentityFallback implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    Optional<String> missing = cluster.standings().missing();
    if (missing.isPresent()) {
      return List.of(new Outcome.Unknown(missing.get()));
    }
    List<PodStanding> fallen =
        cluster.standings().seen().orElse(List.of()).stream()
            .filter(one -> one.standing().kind() == Standing.Kind.SERVED)
            .filter(one -> one.standing().entries().stream().allMatch(ControllerManager::ofPod))
            .filter(one -> byFallback(cluster, one.pod()))
            .toList();
    List<Outcome> outcomes = new ArrayList<>();
    for (PodGroup group : PodGroup.of(cluster, fallen.stream().map(PodStanding::pod).toList())) {
      fallen.stream()
          .filter(one -> one.pod().equals(group.first()))
          .findFirst()
          .flatMap(one -> judge(cluster, group, one))
          .ifPresent(outcomes::add);
    }
    return outcomes.isEmpty() ? List.of(new Outcome.Passed()) : List.copyOf(outcomes);
  }

  /** Whether of those that select it and are heeded all are fallbacks. */
  private static boolean byFallback(ClusterCase cluster, Pod pod) {
    List<ClusterSpiffeId> heeded =
        ClusterSpiffeId.selecting(cluster.evidence(), pod).stream()
            .filter(id -> Declaring.isHeeded(cluster, id, pod))
            .toList();
    return !heeded.isEmpty() && heeded.stream().allMatch(ClusterSpiffeId::fallback);
  }

  private Optional<Outcome> judge(ClusterCase cluster, PodGroup group, PodStanding one) {
    Pod pod = one.pod();
    String has = one.standing().entry().spiffeId();
    Optional<ClusterSpiffeId> ignored =
        ClusterSpiffeId.selecting(cluster.evidence(), pod).stream()
            .filter(id -> !id.fallback() && !Declaring.isHeeded(cluster, id, pod))
            .filter(id -> !Declaring.isForeign(cluster, id, pod))
            .filter(id -> isOther(id, one, has))
            .findFirst();
    if (ignored.isPresent()) {
      Finding.Builder finding = begin(group, ignored.get(), one, has);
      String why = Declaring.why(cluster, ignored.get(), pod, finding);
      return Optional.of(
          finding.found(sentence(has, ignored.get()) + ", which makes no entry: " + why));
    }
    return NearDeclaration.of(cluster, pod)
        .filter(near -> near.isSlip() && isOther(near.id(), one, has))
        .map(
            near -> {
              Finding.Builder finding = begin(group, near.id(), one, has);
              near.quote(pod, finding);
              return finding.found(
                  sentence(has, near.id()) + ", which wants " + near.miss().wanted());
            });
  }

  /** Where both mean the same identity nothing is amiss; Istio's guide relies on that. */
  private static boolean isOther(ClusterSpiffeId id, PodStanding one, String has) {
    return id.spiffeId(one.pod(), one.home().trustDomain().orElse(""))
        .filter(has::equals)
        .isEmpty();
  }

  private Finding.Builder begin(
      PodGroup group, ClusterSpiffeId meant, PodStanding one, String has) {
    Optional<String> wanted = meant.spiffeId(one.pod(), one.home().trustDomain().orElse(""));
    Finding.Builder finding =
        group
            .error(this)
            .confidence(wanted.isPresent() ? Confidence.LIKELY : Confidence.POSSIBLE)
            .seen("pod " + one.pod().inWords(), "is served " + has + ", of a fallback");
    wanted.ifPresent(id -> finding.seen("ClusterSPIFFEID " + meant.name(), "would give it " + id));
    return finding;
  }

  private static String sentence(String has, ClusterSpiffeId meant) {
    return "The pod has the fallback's identity "
        + has
        + " and not that of ClusterSPIFFEID "
        + meant.name();
  }
}
