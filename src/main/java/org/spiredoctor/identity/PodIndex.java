package org.spiredoctor.identity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Pods, filed by their selectors: finds those that an entry fits without reading all of them. */
public final class PodIndex {
  private final List<Attested> all;
  private final Map<Selector, List<Attested>> bySelector = new HashMap<>();
  private final Predicate<Selector> visible;
  private final Optional<Set<String>> namespaces;

  /**
   * A pod as agents see it.
   *
   * @param name as {@code apps/web-0}
   * @param containers the selectors of each of its containers
   * @param agents any of which may be the one that serves it
   */
  public record Attested(String name, List<Set<Selector>> containers, Collection<Agent> agents) {}

  /**
   * Of these pods.
   *
   * @param visible whether a selector is among those that are computed of a pod
   * @param namespaces whose pods they are; empty where they are those of all namespaces
   */
  public PodIndex(
      Collection<Attested> pods, Predicate<Selector> visible, Optional<Set<String>> namespaces) {
    this.namespaces = namespaces;
    this.all = List.copyOf(pods);
    this.visible = visible;
    for (Attested pod : all) {
      Set<Selector> its = new LinkedHashSet<>();
      pod.containers().forEach(its::addAll);
      its.forEach(s -> bySelector.computeIfAbsent(s, _ -> new ArrayList<>()).add(pod));
    }
  }

  /** All of them. */
  List<Attested> all() {
    return all;
  }

  /** The namespaces whose pods they are, where an entry may fit pods of others; else none. */
  Set<String> bounds(Entry entry) {
    return namespaces
        .filter(
            its ->
                its.stream()
                    .map(namespace -> Selector.k8s("ns:" + namespace))
                    .noneMatch(entry.selectors()::contains))
        .orElse(Set.of());
  }

  /** Whether all selectors of an entry can be seen from outside of the pods. */
  boolean seesAll(Entry entry) {
    return entry.selectors().stream().allMatch(visible);
  }

  /**
   * The pods of which a container has all selectors of an entry. Those that cannot be seen from
   * outside are taken to be there, unless the pod has another of their subject.
   */
  List<Attested> fitting(Entry entry) {
    if (entry.selectors().isEmpty()) {
      return List.of();
    }
    List<Attested> candidates =
        entry.selectors().stream()
            .filter(visible)
            .map(selector -> bySelector.getOrDefault(selector, List.of()))
            .min(Comparator.comparingInt(List::size))
            .orElse(all);
    return candidates.stream()
        .filter(pod -> pod.containers().stream().anyMatch(has -> fits(entry, has)))
        .toList();
  }

  private boolean fits(Entry entry, Set<Selector> has) {
    return entry.selectors().stream()
        .allMatch(
            wanted ->
                has.contains(wanted)
                    || (!visible.test(wanted)
                        && (isUntold(wanted.subject(), has) || mayBecome(wanted, has))));
  }

  /** A process that begins as root can take any user, and an image adds groups. */
  private static boolean mayBecome(Selector wanted, Set<Selector> has) {
    return Attestors.UNKNOWN.of(wanted, has) == Visibility.HIDDEN;
  }

  private static boolean isUntold(String subject, Set<Selector> has) {
    return has.stream().noneMatch(selector -> selector.subject().equals(subject));
  }
}
