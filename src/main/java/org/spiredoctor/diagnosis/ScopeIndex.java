package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds among many scopes the first that covers another, without looking at each: there may be one
 * for each of thousands of pods.
 */
final class ScopeIndex {
  private record Placed(int at, Scope scope) {}

  /** Those of certain pods. */
  private final Map<String, List<Placed>> byPod = new HashMap<>();

  /** The same, for those who ask about nodes. */
  private final Map<String, List<Placed>> podsByNode = new HashMap<>();

  /** Those of certain nodes, with whatever pods. */
  private final Map<String, List<Placed>> byNode = new HashMap<>();

  /** Those of whole installations, or of certain pods that are on no node yet. */
  private final List<Placed> everywhere = new ArrayList<>();

  private final List<Placed> unplaced = new ArrayList<>();
  private final List<Placed> all = new ArrayList<>();

  /** Adds the scope of the thing at a place; places are added in ascending order. */
  void add(int at, Scope scope) {
    Placed placed = new Placed(at, scope);
    all.add(placed);
    if (!scope.pods().isEmpty()) {
      put(byPod, scope.pods(), placed);
      if (scope.nodes().isEmpty()) {
        unplaced.add(placed);
      } else {
        put(podsByNode, scope.nodes(), placed);
      }
    } else if (!scope.nodes().isEmpty()) {
      put(byNode, scope.nodes(), placed);
    } else {
      everywhere.add(placed);
    }
  }

  private static void put(Map<String, List<Placed>> into, Collection<String> keys, Placed placed) {
    keys.forEach(key -> into.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(placed));
  }

  /** The first place, of those that are wanted, whose scope covers all of this one. */
  OptionalInt first(Scope scope, IntPredicate wanted) {
    return candidates(scope)
        .flatMapToInt(
            some ->
                some.stream()
                    .filter(one -> wanted.test(one.at()) && one.scope().coversAll(scope))
                    .limit(1)
                    .flatMapToInt(one -> IntStream.of(one.at())))
        .min();
  }

  /** Whether all of a scope is covered, by one of them or by several together. */
  boolean coversAll(Scope scope) {
    if (first(scope, _ -> true).isPresent()) {
      return true;
    }
    Map<Integer, Scope> parts = new HashMap<>();
    collect(scope, _ -> true, parts);
    return scope.isCoveredBy(parts.values());
  }

  /** Adds the places of those that are wanted whose scopes cover something of this one. */
  void collect(Scope scope, IntPredicate wanted, Map<Integer, Scope> into) {
    candidates(scope)
        .flatMap(List::stream)
        .filter(one -> !into.containsKey(one.at()))
        .filter(one -> wanted.test(one.at()) && one.scope().covers(scope))
        .forEach(one -> into.put(one.at(), one.scope()));
  }

  /** Lists in ascending order, which hold between them all that can cover a scope. */
  private Stream<List<Placed>> candidates(Scope scope) {
    if (scope.pods().isEmpty() && scope.nodes().isEmpty()) {
      return Stream.of(all);
    }
    Stream<List<Placed>> ofPods =
        scope.pods().isEmpty()
            ? Stream.concat(lists(podsByNode, scope.nodes()), Stream.of(unplaced))
            : lists(byPod, scope.pods());
    Stream<List<Placed>> ofNodes =
        scope.nodes().isEmpty() ? byNode.values().stream() : lists(byNode, scope.nodes());
    return Stream.of(ofPods, ofNodes, Stream.of(everywhere)).flatMap(lists -> lists);
  }

  private static Stream<List<Placed>> lists(
      Map<String, List<Placed>> from, Collection<String> keys) {
    return keys.stream().map(key -> from.getOrDefault(key, List.of()));
  }
}
