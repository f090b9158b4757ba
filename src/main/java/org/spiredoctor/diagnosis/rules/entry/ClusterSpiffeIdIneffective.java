package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;

/** A ClusterSPIFFEID selects a pod, and no entry comes of it. */
@AutoService(Rule.class)
public final class ClusterSpiffeIdIneffective implements Rule {
  private static final Set<EntryMatch.Kind> WITHOUT_ENTRY =
      Set.of(EntryMatch.Kind.MISSING, EntryMatch.Kind.SELECTOR_MISMATCH);

  /** The entry of a pod that was made just now may be on its way. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(cluster.entryMatches(), _ -> outcomes(cluster));
  }

  private List<Outcome> outcomes(ClusterCase cluster) {
    List<Pod> without = without(cluster);
    if (without.isEmpty()) {
      return List.of(new Outcome.NotApplicable("no pod is without an entry"));
    }
    Observed<List<ClusterSpiffeId>> all = ClusterSpiffeId.of(cluster.evidence());
    if (all instanceof Observed.Unseen<List<ClusterSpiffeId>> unseen) {
      return List.of(
          unseen.reason() == Reason.ABSENT
                  || ClusterSpiffeIdDiagnosis.controllers(cluster).isEmpty()
              ? new Outcome.NotApplicable("no ClusterSPIFFEIDs")
              : new Outcome.Unknown(unseen.missing().orElse("list ClusterSPIFFEIDs")));
    }
    return judge(cluster, without, all.seen().orElse(List.of()));
  }

  private List<Outcome> judge(ClusterCase cluster, List<Pod> without, List<ClusterSpiffeId> all) {
    List<Outcome> outcomes = new ArrayList<>();
    for (PodGroup group : PodGroup.of(cluster, without)) {
      List<ClusterSpiffeId> selecting = selecting(cluster, group.first());
      if (!selecting.isEmpty()) {
        outcomes.add(finding(cluster, group, selecting));
      }
    }
    Optional<String> namespaces = cluster.evidence().snapshot().objects(Kind.NAMESPACE).missing();
    if (outcomes.isEmpty()
        && namespaces.isPresent()
        && all.stream().anyMatch(id -> !id.everyNamespace())) {
      return List.of(new Outcome.Unknown(namespaces.get()));
    }
    return outcomes;
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_NOT_DERIVED, Effect.ENTRY_OUTDATED);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.DECLARATION_NOT_APPLIED);
  }

  /** The pods for which no entry was made, though there was time. */
  private static List<Pod> without(ClusterCase cluster) {
    Set<Selector> ofPods =
        cluster.evidence().entries().seen().orElse(List.of()).stream()
            .map(Entry::selectors)
            .flatMap(Set::stream)
            .filter(Selector::namesPod)
            .collect(Collectors.toSet());
    return cluster.entryMatches().seen().orElse(List.of()).stream()
        .filter(one -> WITHOUT_ENTRY.contains(one.entryMatch().kind()))
        .map(PodEntryMatch::pod)
        .filter(pod -> !pod.node().isEmpty())
        .filter(pod -> !ofPods.contains(Selector.k8s("pod-uid:" + pod.meta().uid())))
        .filter(
            pod ->
                pod.meta()
                    .created()
                    .filter(made -> made.isAfter(cluster.evidence().at().minus(PATIENCE)))
                    .isEmpty())
        .toList();
  }

  /** Those that should have made an entry: a fallback only where there is no other. */
  private static List<ClusterSpiffeId> selecting(ClusterCase cluster, Pod pod) {
    List<ClusterSpiffeId> selecting =
        ClusterSpiffeId.selecting(cluster.evidence(), pod).stream()
            .filter(id -> !ClusterSpiffeIdDiagnosis.isForeign(cluster, id, pod))
            .toList();
    List<ClusterSpiffeId> first = selecting.stream().filter(id -> !id.fallback()).toList();
    return (first.isEmpty() ? selecting : first)
        .stream()
            // One of another class may be meant for another controller-manager.
            .sorted(
                Comparator.comparing(id -> !ClusterSpiffeIdDiagnosis.isActedOn(cluster, id, pod)))
            .toList();
  }

  private Outcome finding(ClusterCase cluster, PodGroup group, List<ClusterSpiffeId> selecting) {
    ClusterSpiffeId id = selecting.getFirst();
    Finding.Builder finding =
        Finding.error(
                this, new Subject("ClusterSPIFFEID", Optional.empty(), id.name()), group.scope())
            .seen("pod " + group.first().inWords(), "selected by ClusterSPIFFEID " + id.name());
    if (selecting.size() > 1) {
      finding.seen(
          "pod " + group.first().inWords(),
          "selected by others too: "
              + selecting.stream()
                  .skip(1)
                  .limit(3)
                  .map(ClusterSpiffeId::name)
                  .collect(Collectors.joining(", ")));
    }
    String why = ClusterSpiffeIdDiagnosis.why(cluster, id, group.first(), finding);
    return finding.found(
        "ClusterSPIFFEID " + id.name() + " selects the pod, but creates no entry: " + why);
  }
}
