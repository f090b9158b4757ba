package org.spiredoctor.diagnosis.rules.entry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Difference.Likeness;
import org.spiredoctor.identity.EntryMatch.Kind;
import org.spiredoctor.identity.Selector;

/**
 * Workloads to which the same entry is the nearest, and which cannot all have it: each would need
 * other selectors. It was made for one of them at most; whichever else is given it has an identity
 * that is not its own.
 *
 * @param near with which selectors an entry would match them, by its SPIRE and id
 * @param close the same of those that are nearer to it than others
 * @param listed the namespaces whose pods are known; absent for all
 */
record Rivals(
    Map<String, Set<Set<Selector>>> near,
    Map<String, Set<Set<Selector>>> close,
    Optional<Set<String>> listed) {
  private static final Set<Kind> KINDS =
      EnumSet.of(
          Kind.CONTAINER_SCOPED,
          Kind.IMAGE_COUNT_CHANGED,
          Kind.IMAGE_CHANGED,
          Kind.SELECTOR_MISMATCH);

  /** Ends a finding about pods that stand so. */
  interface Finish {
    /** Says why the entry may have been meant for others just as well, where it may. */
    Outcome finish(Optional<String> contested, PodEntryMatch one, Finding.Builder finding);
  }

  /** One finding for each group of pods that stand so, of which some may be rivals. */
  static List<Outcome> examine(Rule rule, ClusterCase cluster, Kind kind, Finish finish) {
    Rivals rivals = of(cluster, kind);
    return EntryRuleSupport.examine(
        rule, cluster, kind, (one, finding) -> finish.finish(rivals.of(one), one, finding));
  }

  /** Those of pods that stand so, among all pods that were seen, be they examined or not. */
  private static Rivals of(ClusterCase cluster, Kind kind) {
    List<PodEntryMatch> mismatches = new ArrayList<>();
    if (!cluster.entryMatch(kind).isEmpty()) {
      mismatches.addAll(mismatches(cluster));
      cluster.ofAllPods().ifPresent(all -> mismatches.addAll(mismatches(all)));
    }
    return new Rivals(
        fitted(mismatches, _ -> true),
        fitted(mismatches, Rivals::isClose),
        cluster.evidence().snapshot().podNamespaces());
  }

  private static List<PodEntryMatch> mismatches(ClusterCase cluster) {
    return KINDS.stream().flatMap(kind -> cluster.entryMatch(kind).stream()).toList();
  }

  private static Map<String, Set<Set<Selector>>> fitted(
      Collection<PodEntryMatch> all, Predicate<PodEntryMatch> which) {
    Map<String, Set<Set<Selector>>> fitted = new HashMap<>();
    all.stream()
        .filter(which)
        .forEach(
            one ->
                fitted
                    .computeIfAbsent(id(one), _ -> new HashSet<>())
                    .add(EntryRuleSupport.fitted(one)));
    return fitted;
  }

  private static String id(PodEntryMatch one) {
    return one.home().inWords() + " " + one.entryMatch().entry().id();
  }

  private static String namespace(PodEntryMatch one) {
    return one.pod().meta().namespace();
  }

  /** Whether slips of the pen are all that keeps its nearest entry away. */
  static boolean isSlip(PodEntryMatch one) {
    return one.entryMatch().differences().stream()
        .allMatch(difference -> difference.likeness() == Likeness.TYPO);
  }

  /** Whether slips, tags or containers are all that keeps its nearest entry away. */
  private static boolean isClose(PodEntryMatch one) {
    return isSlip(one) || one.entryMatch().kind() != Kind.SELECTOR_MISMATCH;
  }

  /** Why the nearest entry of a pod may have been made for others; nothing when for none. */
  Optional<String> of(PodEntryMatch one) {
    Set<Set<Selector>> closer = close.getOrDefault(id(one), Set.of());
    if (!isClose(one) && !closer.isEmpty()) {
      return Optional.of("is nearer to another workload than to this one");
    }
    if (!isSlip(one) && listed.filter(some -> !some.contains(namespace(one))).isPresent()) {
      return Optional.of(
          "may be meant for another pod of the namespace: only this one was looked at");
    }
    int others = (isClose(one) ? closer : near.getOrDefault(id(one), Set.of())).size() - 1;
    return others == 0
        ? Optional.empty()
        : Optional.of(
            "is as near to "
                + (others == 1 ? "another workload" : others + " other workloads")
                + " as to this one");
  }
}
