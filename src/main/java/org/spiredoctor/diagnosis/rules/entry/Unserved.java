package org.spiredoctor.diagnosis.rules.entry;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodStanding;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Difference;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.identity.Standing;
import org.spiredoctor.kube.Pod;

/** What the rules about pods that are not served have in common. */
final class Unserved {
  private Unserved() {}

  /** One finding for each group of pods that stand so. */
  static List<Outcome> examine(
      Rule rule,
      ClusterCase cluster,
      Standing.Kind kind,
      BiFunction<PodStanding, Finding.Builder, Outcome> finish) {
    Optional<String> missing = cluster.standings().missing();
    if (missing.isPresent()) {
      return List.of(new Outcome.Unknown(missing.get()));
    }
    List<PodStanding> there = cluster.standing(kind);
    return there.isEmpty()
        ? List.of(new Outcome.Passed())
        : there.stream().map(one -> finish.apply(one, begin(rule, cluster, one))).toList();
  }

  private static Finding.Builder begin(Rule rule, ClusterCase cluster, PodStanding one) {
    List<Pod> alike = cluster.alike(one);
    Set<String> nodes = alike.stream().map(Pod::node).collect(Collectors.toSet());
    Finding.Builder finding =
        Finding.error(rule, Subject.of(one.pod()))
            .scope(
                new Scope(
                    nodes.size() == 1
                        ? nodes.stream().filter(n -> !n.isEmpty()).findFirst()
                        : Optional.empty(),
                    alike.stream().map(Pod::inWords).collect(Collectors.toSet())));
    if (alike.size() > 1) {
      finding.seen(
          "Kubernetes",
          (alike.size() - 1)
              + " more of the same maker: "
              + alike.stream()
                  .map(p -> p.meta().name())
                  .filter(name -> !name.equals(one.pod().meta().name()))
                  .limit(3)
                  .collect(Collectors.joining(", ")));
    }
    return finding;
  }

  /** Quotes what keeps an entry away. */
  static void quote(PodStanding one, Finding.Builder finding) {
    finding.seen(one.standing().entry().inWords(), "matches but for:");
    for (Difference difference : one.standing().differences()) {
      finding.seen("selector", difference.inWords());
    }
  }

  /**
   * A parent that leads to the agent of a pod's node: a node alias that others use too, or the
   * agent itself.
   */
  static String parent(ClusterCase cluster, PodStanding one) {
    List<Entry> entries = cluster.evidence().entries().seen().orElse(List.of());
    List<Agent> agents = cluster.agentsFor(one.pod().node());
    Optional<String> own =
        one.standing().entries().stream()
            .map(Entry::parentId)
            .filter(parent -> cluster.leadsTo(parent, one.pod().node()))
            .findFirst();
    return own.or(
            () ->
                entries.stream()
                    .filter(Entry::forNodes)
                    .filter(
                        alias ->
                            agents.stream()
                                .anyMatch(a -> a.selectors().containsAll(alias.selectors())))
                    .map(Entry::spiffeId)
                    .findFirst())
        .or(() -> agents.stream().map(Agent::id).findFirst())
        .orElseGet(
            () ->
                SpiffeIds.of(
                    cluster.evidence().trustDomain().orElse("example.org"), "/spire-agent"));
  }

  /** The selectors of an entry, each that differs replaced by what the pod has, or left out. */
  static Set<Selector> fitted(Standing standing) {
    UnaryOperator<Selector> fit =
        wanted ->
            standing.differences().stream()
                .filter(difference -> difference.wanted().equals(wanted))
                .findFirst()
                .map(difference -> difference.instead().orElse(wanted))
                .orElse(wanted);
    Set<Selector> absent =
        standing.differences().stream()
            .filter(difference -> difference.instead().isEmpty())
            .map(Difference::wanted)
            .collect(Collectors.toSet());
    return standing.entry().selectors().stream()
        .filter(selector -> !absent.contains(selector))
        .map(fit)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
