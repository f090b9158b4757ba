package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Pod;

/** A controller-manager deletes every entry that no object declares; none declares the pod's. */
@AutoService(Rule.class)
public final class EntryOwnedByController implements Rule {
  private static final Remedy LEAVE_ALONE =
      new Remedy.Advice(
          "Or set entryIDPrefix in the configuration of spire-controller-manager: it then leaves"
              + " entries alone whose id does not begin so");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<Outcome> outcomes = new ArrayList<>();
    for (InstallationCase home : cluster.installations()) {
      List<ControllerManager> controllers =
          ControllerManager.of(cluster.evidence(), home.installation().servers());
      if (!controllers.isEmpty()) {
        outcomes.addAll(
            Outcome.ifSeen(cluster.entryMatches(), _ -> judge(cluster, home, controllers)));
      }
    }
    return outcomes.isEmpty()
        ? List.of(new Outcome.NotApplicable("no spire-controller-manager"))
        : List.copyOf(outcomes);
  }

  private List<Outcome> judge(
      ClusterCase cluster, InstallationCase home, List<ControllerManager> controllers) {
    List<PodEntryMatch> absent = entryMatch(cluster, home, EntryMatch.Kind.MISSING);
    Optional<ControllerManager> owner =
        controllers.stream().filter(ControllerManager::ownsAllEntries).findFirst();
    if (owner.isEmpty()) {
      return unowned(absent, controllers);
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (PodEntryMatch one : absent) {
      if (!declared(cluster.evidence(), one.pod())) {
        outcomes.add(gone(cluster, owner.get(), one));
      }
    }
    for (PodEntryMatch one : entryMatch(cluster, home, EntryMatch.Kind.SERVED)) {
      if (undeclared(cluster.evidence(), one)) {
        outcomes.add(going(cluster, one));
      }
    }
    return Outcome.orPassed(outcomes);
  }

  private static List<PodEntryMatch> entryMatch(
      ClusterCase cluster, InstallationCase home, EntryMatch.Kind kind) {
    return cluster.entryMatch(kind).stream().filter(one -> one.home() == home).toList();
  }

  private static List<Outcome> unowned(
      List<PodEntryMatch> absent, List<ControllerManager> controllers) {
    return List.of(
        absent.isEmpty() || controllers.stream().allMatch(c -> c.config().isPresent())
            ? new Outcome.Passed()
            : new Outcome.Unknown(
                "the configuration of spire-controller-manager: whether it deletes entries that"
                    + " were made by hand"));
  }

  private static boolean declared(ClusterEvidence evidence, Pod pod) {
    return !ClusterSpiffeId.selecting(evidence, pod).isEmpty();
  }

  /** Whether nothing declares what the pod is served. */
  private static boolean undeclared(ClusterEvidence evidence, PodEntryMatch one) {
    return evidence.snapshot().objects(Kind.CLUSTER_STATIC_ENTRY).seen().isPresent()
        && one.entryMatch().entries().stream()
            .noneMatch(
                entry ->
                    ControllerManager.ofPod(entry)
                        || ControllerManager.staticEntry(evidence, entry).isPresent());
  }

  private Outcome gone(ClusterCase cluster, ControllerManager owner, PodEntryMatch one) {
    Finding.Builder finding =
        cluster.name(one.home(), new PodGroup(cluster, cluster.alike(one)).error(this));
    Optional<String> deleted = owner.deleted(cluster.evidence(), one.entryMatch().selectors());
    deleted.ifPresent(id -> finding.seen("log of spire-controller-manager", "Deleted entry " + id));
    finding.seen(
        "configuration of spire-controller-manager", "no entryIDPrefix: all entries are its");
    EntryRuleSupport.own("Create an entry for the pod", one, finding);
    return finding
        .remedy(LEAVE_ALONE)
        .found(
            deleted.isPresent()
                ? "The controller-manager deleted the entry of the pod, since no object declares it"
                : "No object declares an entry for the pod, and the controller-manager deletes"
                    + " every entry that was made by hand");
  }

  private Outcome going(ClusterCase cluster, PodEntryMatch one) {
    Entry entry = one.entryMatch().entry();
    return cluster
        .name(one.home(), new PodGroup(cluster, cluster.alike(one)).warning(this))
        .seen(entry.inWords(), "declared by no object")
        .seen("configuration of spire-controller-manager", "no entryIDPrefix: all entries are its")
        .remedy(
            one.home()
                .commands()
                .update("Declare the entry", entry, entry.parentId(), entry.selectors(), true))
        .remedy(LEAVE_ALONE)
        .found(
            "The entry of the pod was made by hand, and the controller-manager deletes such"
                + " entries within seconds");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ENTRY_NOT_SERVED, Effect.ENTRY_ABSENT, Effect.ENTRY_NOT_SETTLED);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.ENTRY_NOT_DERIVED, Effect.CONTROLLER_FAILS);
  }
}
