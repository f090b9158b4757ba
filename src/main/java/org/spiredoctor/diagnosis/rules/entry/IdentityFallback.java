package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.identity.EntryMatch;

/**
 * A pod has the identity of a fallback, such as the one of SPIRE's Helm chart, though another
 * ClusterSPIFFEID was meant for it: that one selects it and no controller-manager acts on it, or a
 * label in it looks misspelled.
 */
@AutoService(Rule.class)
public final class IdentityFallback implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(cluster.actual(), _ -> outcomes(cluster));
  }

  private List<Outcome> outcomes(ClusterCase cluster) {
    List<PodEntryMatch> fallen =
        cluster.actual().seen().orElse(List.of()).stream()
            .filter(one -> one.entryMatch().kind() == EntryMatch.Kind.SERVED)
            .filter(one -> one.entryMatch().entries().stream().allMatch(ControllerManager::ofPod))
            .filter(one -> Intended.isByFallback(cluster, one))
            .toList();
    NearDeclarations all = new NearDeclarations(cluster);
    List<Outcome> outcomes = new ArrayList<>();
    for (PodGroup group : PodGroup.of(cluster, fallen.stream().map(PodEntryMatch::pod).toList())) {
      cluster
          .actual(group.first())
          .flatMap(one -> judge(cluster, all, group, one))
          .ifPresent(outcomes::add);
    }
    return outcomes;
  }

  /** Its agents are not those of the identity that is expected. */
  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_ABSENT);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.TRUST_DOMAIN_FOREIGN);
  }

  private Optional<Outcome> judge(
      ClusterCase cluster, NearDeclarations all, PodGroup group, PodEntryMatch one) {
    return Intended.of(cluster, one)
        .map(
            id ->
                MisdirectedDeclaration.of(cluster, id, one.pod())
                    .map(misdirected -> found(cluster, all.isAsked(), group, one, misdirected))
                    .orElseGet(() -> judge(cluster, group, one, id)))
        .or(
            () ->
                all.of(one.pod())
                    .filter(near -> near.isTypo() && Intended.isOther(near.id(), one))
                    .map(near -> found(all, group, one, near)));
  }

  private Outcome judge(
      ClusterCase cluster, PodGroup group, PodEntryMatch one, ClusterSpiffeId id) {
    return Intended.wasActedOn(cluster, id, one)
        ? unknown(id, one)
        : found(
            group.error(this),
            id,
            one,
            finding ->
                "which creates no entry for it: "
                    + ClusterSpiffeIdDiagnosis.why(cluster, id, one.pod(), finding));
  }

  private Outcome found(
      ClusterCase cluster,
      boolean asked,
      PodGroup group,
      PodEntryMatch one,
      MisdirectedDeclaration misdirected) {
    return found(
        asked ? group.error(this) : group.warning(this),
        misdirected.id(),
        one,
        finding -> misdirected.why(cluster, one, finding));
  }

  private Outcome found(
      NearDeclarations all, PodGroup group, PodEntryMatch one, NearDeclaration near) {
    return found(
        all.isAsked() ? group.error(this) : group.warning(this),
        near.id(),
        one,
        finding -> {
          near.quote(all, one.pod(), finding);
          return "which wants " + near.miss().wanted();
        });
  }

  private static Outcome unknown(ClusterSpiffeId id, PodEntryMatch one) {
    return new Outcome.Unknown(
        "which controller-manager acts on ClusterSPIFFEID "
            + id.name()
            + ", which has no class: its status counts "
            + id.stats().podsSelected()
            + " pods, and "
            + one.pod().inWords()
            + " has the identity of a fallback");
  }

  /** Which identity a template gives that is more than its variables is not known. */
  private Outcome found(
      Finding.Builder begun,
      ClusterSpiffeId meant,
      PodEntryMatch one,
      Function<Finding.Builder, String> why) {
    String has = one.entryMatch().entry().spiffeId();
    String wanted = Intended.wanted(meant, one).orElse(null);
    if (wanted == null) {
      return new Outcome.Unknown(
          "which SPIFFE ID ClusterSPIFFEID "
              + meant.name()
              + " would give "
              + one.pod().inWords()
              + ", to compare it with "
              + has
              + " of a fallback");
    }
    Finding.Builder finding =
        begun
            .confidence(Confidence.LIKELY)
            .seen("pod " + one.pod().inWords(), "is served " + has + ", of a fallback")
            .seen("ClusterSPIFFEID " + meant.name(), "would give it " + wanted);
    String reason = why.apply(finding);
    return finding.found(sentence(has, meant) + ", " + reason);
  }

  private static String sentence(String has, ClusterSpiffeId meant) {
    return "The pod has the fallback's identity "
        + has
        + " and not that of ClusterSPIFFEID "
        + meant.name();
  }
}
