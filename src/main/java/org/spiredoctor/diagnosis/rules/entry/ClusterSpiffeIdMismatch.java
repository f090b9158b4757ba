package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.identity.EntryMatch;
import org.spiredoctor.kube.Pod;

/** No ClusterSPIFFEID selects a pod without an entry; one does but for a label. */
@AutoService(Rule.class)
public final class ClusterSpiffeIdMismatch implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(cluster.entryMatches(), _ -> outcomes(cluster));
  }

  private List<Outcome> outcomes(ClusterCase cluster) {
    if (ClusterSpiffeIdDiagnosis.controllers(cluster).isEmpty()) {
      return List.of(new Outcome.NotApplicable("no spire-controller-manager"));
    }
    List<Pod> without =
        cluster.entryMatches().seen().orElse(List.of()).stream()
            .filter(one -> one.entryMatch().kind() == EntryMatch.Kind.MISSING)
            .map(PodEntryMatch::pod)
            .filter(pod -> ClusterSpiffeId.selecting(cluster.evidence(), pod).isEmpty())
            .toList();
    NearDeclarations all = new NearDeclarations(cluster);
    List<Outcome> outcomes = new ArrayList<>();
    for (PodGroup group : PodGroup.of(cluster, without)) {
      all.of(group.first()).ifPresent(near -> outcomes.add(found(all, group, near)));
    }
    return outcomes;
  }

  private Outcome found(NearDeclarations all, PodGroup group, NearDeclaration near) {
    Finding.Builder finding =
        group.error(this).confidence(near.isTypo() ? Confidence.LIKELY : Confidence.POSSIBLE);
    near.quote(all, group.first(), finding);
    return finding.found(
        "No ClusterSPIFFEID selects the pod, so that no entry is created for it; the nearest, "
            + near.id().name()
            + ", wants "
            + near.miss().wanted());
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_NOT_DERIVED);
  }
}
