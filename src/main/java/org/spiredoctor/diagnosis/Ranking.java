package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.Report.Ranked;

/** Puts causes before what they explain: a topological order, stable for equals. */
final class Ranking {
  /** So many pods that are concerned are no matter of a few workloads. */
  private static final int FLEET = 20;

  private Ranking() {}

  /** A finding, and the rule that made it. */
  record Found(Rule rule, Finding finding) {}

  /** By place, since there may be thousands, each with much to compare. */
  static List<Ranked> rank(List<Found> found) {
    List<Found> sorted = found.stream().distinct().sorted(graver()).toList();
    Map<Effect, ScopeIndex> byEffect = new EnumMap<>(Effect.class);
    List<List<Integer>> consequences = new ArrayList<>();
    for (int at = 0; at < sorted.size(); at++) {
      Finding finding = sorted.get(at).finding();
      for (Effect effect : sorted.get(at).rule().effects(finding)) {
        byEffect.computeIfAbsent(effect, _ -> new ScopeIndex()).add(at, finding.scope());
      }
      consequences.add(new ArrayList<>());
    }
    List<Integer> roots = new ArrayList<>();
    for (int at = 0; at < sorted.size(); at++) {
      cause(at, sorted, byEffect).map(consequences::get).orElse(roots).add(at);
    }
    List<Ranked> ranked = new ArrayList<>();
    List<FindingGroup> groups = new ArrayList<>(FindingGroup.of(roots, sorted));
    Map<FindingGroup, Set<String>> pods = new HashMap<>();
    groups.forEach(group -> pods.put(group, pods(group.all(), sorted, consequences)));
    long all = pods.values().stream().flatMap(Set::stream).distinct().count();
    if (all >= FLEET) {
      groups.sort(
          Comparator.comparing(
                  (FindingGroup group) -> !isNearlyAll(group, reach(group, pods), all, sorted))
              .thenComparing(group -> sorted.get(group.first()).finding().severity())
              .thenComparing(group -> isAboutPods(group, sorted))
              .thenComparingInt(group -> -reach(group, pods)));
    }
    add(groups, sorted, Optional.empty(), consequences, ranked);
    return List.copyOf(ranked);
  }

  /** The gravest of what explains it: what only might do harm is not why something is broken. */
  private static Optional<Integer> cause(
      int at, List<Found> sorted, Map<Effect, ScopeIndex> byEffect) {
    Found sign = sorted.get(at);
    Scope scope = sign.finding().scope();
    IntPredicate wanted = other -> mayExplain(sorted.get(other), sign);
    List<ScopeIndex> known =
        sign.rule().explainedBy(sign.finding()).stream()
            .flatMap(effect -> Optional.ofNullable(byEffect.get(effect)).stream())
            .toList();
    Optional<Integer> ofAll =
        known.stream()
            .flatMapToInt(scopes -> scopes.first(scope, wanted).stream())
            .boxed()
            .min(Comparator.naturalOrder());
    return ofAll.isPresent() ? ofAll : together(known, scope, wanted);
  }

  /** What is broken on one node is not why pods on twenty are; only causes on all of them are. */
  private static Optional<Integer> together(
      List<ScopeIndex> known, Scope scope, IntPredicate wanted) {
    SortedMap<Integer, Scope> parts = new TreeMap<>();
    known.forEach(scopes -> scopes.collect(scope, wanted, parts));
    return scope.isCoveredBy(parts.values()) ? Optional.of(parts.firstKey()) : Optional.empty();
  }

  private static boolean mayExplain(Found cause, Found sign) {
    return cause.rule().getClass() != sign.rule().getClass()
        && cause.finding().severity().compareTo(sign.finding().severity()) <= 0;
  }

  private static int reach(FindingGroup group, Map<FindingGroup, Set<String>> pods) {
    return pods.getOrDefault(group, Set.of()).size();
  }

  /** One cause of nearly all of it comes before whatever else there is. */
  private static boolean isNearlyAll(FindingGroup group, int reach, long all, List<Found> sorted) {
    return reach * 10L >= all * 9 && isOneCause(group, sorted);
  }

  /** What is about SPIRE itself reaches as far as what follows from it, which may be unseen. */
  private static boolean isAboutPods(FindingGroup group, List<Found> sorted) {
    return !sorted.get(group.first()).finding().scope().pods().isEmpty();
  }

  private static boolean isOneCause(FindingGroup group, List<Found> sorted) {
    return FindingGroup.isOneCause(
        sorted.get(group.first()).finding(),
        group.others().stream().map(at -> sorted.get(at).finding()).toList());
  }

  /** The pods that findings and what they explain concern. */
  private static Set<String> pods(
      Stream<Integer> places, List<Found> sorted, List<List<Integer>> consequences) {
    Set<String> pods = new HashSet<>();
    places.forEach(
        at -> {
          pods.addAll(sorted.get(at).finding().scope().pods());
          pods.addAll(pods(consequences.get(at).stream(), sorted, consequences));
        });
    return pods;
  }

  /** Findings, each followed by what it explains, depth first. */
  private static void add(
      List<FindingGroup> groups,
      List<Found> sorted,
      Optional<String> cause,
      List<List<Integer>> consequences,
      List<Ranked> ranked) {
    for (FindingGroup group : groups) {
      Finding finding = sorted.get(group.first()).finding();
      ranked.add(
          new Ranked(
              finding,
              cause,
              group.others().stream().map(at -> sorted.get(at).finding()).toList()));
      List<Integer> explained =
          group.all().map(consequences::get).flatMap(List::stream).sorted().toList();
      add(
          FindingGroup.of(explained, sorted),
          sorted,
          Optional.of(finding.id()),
          consequences,
          ranked);
    }
  }

  private static Comparator<Found> graver() {
    return Comparator.comparing((Found one) -> one.finding().severity())
        .thenComparing(one -> one.finding().confidence());
  }
}
