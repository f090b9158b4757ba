package org.spiredoctor.diagnosis.rules.entry;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.PodStanding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Difference;
import org.spiredoctor.identity.Difference.Likeness;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.identity.Standing;
import org.spiredoctor.kube.Pod;

/** What the rules about pods that are not served have in common. */
final class Unserved {
  /** The labels by which workloads are usually told apart. */
  private static final List<String> TELLING = List.of("app", "app.kubernetes.io/name", "k8s-app");

  private static final Set<Likeness> KEPT = Set.of(Likeness.HIDDEN, Likeness.NEVER);

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
    if (there.isEmpty()) {
      return List.of(new Outcome.Passed());
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (PodStanding one : there) {
      outcomes.add(
          ofParent(kind) && one.home().agentsFor(one.pod().node()).isEmpty()
              ? new Outcome.Unknown(
                  "the agent of node "
                      + one.pod().node()
                      + ", to which a parent would have to lead")
              : finish.apply(
                  one,
                  cluster.name(one.home(), new PodGroup(cluster, cluster.alike(one)).error(rule))));
    }
    return List.copyOf(outcomes);
  }

  /** Whether it is judged by the agent; where none is known, it is no fault of the entry. */
  private static boolean ofParent(Standing.Kind kind) {
    return kind == Standing.Kind.PARENT_ALIAS_MISSING || kind == Standing.Kind.PARENT_UNKNOWN;
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
  static String parent(PodStanding one) {
    List<Entry> entries = one.home().entries();
    List<Agent> agents = one.home().agentsFor(one.pod().node());
    Optional<String> own =
        one.standing().entries().stream()
            .map(Entry::parentId)
            .filter(parent -> one.home().leadsTo(parent, one.pod().node()))
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
            () -> SpiffeIds.of(one.home().trustDomain().orElse("example.org"), "/spire-agent"));
  }

  /** The selectors that tell a pod and its like from others. */
  static Set<Selector> telling(Pod pod) {
    Set<Selector> selectors = new LinkedHashSet<>();
    selectors.add(Selector.k8s("ns:" + pod.meta().namespace()));
    selectors.add(Selector.k8s("sa:" + pod.serviceAccount()));
    label(pod)
        .ifPresent(
            label ->
                selectors.add(
                    Selector.k8s("pod-label:" + label + ":" + pod.meta().labels().get(label))));
    return selectors;
  }

  /** The label that tells a pod and its like from others. */
  static Optional<String> label(Pod pod) {
    return TELLING.stream().filter(pod.meta().labels()::containsKey).findFirst();
  }

  /**
   * The selectors of an entry, each that differs replaced by what the pod has. Where the pod has
   * nothing of the kind the entry would mean more pods than before: what tells this pod from others
   * takes its place.
   */
  private static Set<Selector> fitted(PodStanding one) {
    Map<Selector, Difference> differences =
        one.standing().differences().stream()
            .collect(Collectors.toMap(Difference::wanted, difference -> difference));
    Set<Selector> fitted = new LinkedHashSet<>();
    for (Selector selector : one.standing().entry().selectors()) {
      Difference difference = differences.get(selector);
      // What a pod does not show is never taken away: without it the entry would mean more pods.
      if (difference == null || KEPT.contains(difference.likeness())) {
        fitted.add(selector);
      } else if (difference.instead().isPresent()) {
        fitted.add(difference.instead().get());
      } else {
        fitted.addAll(telling(one.pod()));
      }
    }
    return fitted;
  }

  /** Makes an entry match, and be served; one that serves other pods is left to them. */
  static Remedy refit(String summary, PodStanding one) {
    Entry entry = one.standing().entry();
    return one.others()
        ? one.home()
            .spire()
            .create(
                "If the pod is right, make an entry for it too: this one serves others",
                entry.spiffeId(),
                parent(one),
                fitted(one))
        : one.home().spire().update(summary, entry, parent(one), fitted(one), true);
  }
}
