package org.spiredoctor.diagnosis.rules.entry;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.PodGroup;

/** Pods that are served by an entry, and perhaps not as they should be. */
final class ServedPods {
  private ServedPods() {}

  /**
   * One finding for each group of them that a rule is concerned with.
   *
   * @param finding about a group, of which the match of the first pod is given
   */
  static List<Outcome> examine(
      ClusterCase cluster,
      Predicate<PodEntryMatch> concerns,
      BiFunction<PodEntryMatch, PodGroup, Outcome> finding) {
    return Outcome.ifSeen(
        cluster.entryMatches(),
        all ->
            PodGroup.of(
                    cluster,
                    all.stream()
                        .filter(one -> one.entryMatch().served() && concerns.test(one))
                        .map(PodEntryMatch::pod)
                        .toList())
                .stream()
                .flatMap(
                    group ->
                        cluster.entryMatch(group.first()).stream()
                            .map(one -> finding.apply(one, group)))
                .toList());
  }
}
