package org.spiredoctor.diagnosis;

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
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.identity.Candidates;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch;
import org.spiredoctor.identity.EntryMatcher;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** Judges how pods stand with the entries of their SPIRE. */
final class PodEntryMatches {
  private final InstallationCase home;
  private final EntryMatcher judge;
  private final Set<String> socketDirectories;
  private final Predicate<Entry> wanted;
  private final Map<String, Set<String>> takers = new HashMap<>();

  /**
   * @param all the pods of this SPIRE, examined or not
   * @param wanted which entries count
   */
  PodEntryMatches(
      InstallationCase home,
      EntryMatcher judge,
      Collection<Pod> all,
      Set<String> socketDirectories,
      Predicate<Entry> wanted) {
    this.home = home;
    this.judge = judge;
    this.socketDirectories = socketDirectories;
    // What serves another cluster is neither this pod's, nor was it meant for it.
    this.wanted = wanted.and(entry -> !home.isOfOtherCluster(entry));
    all.forEach(this::takes);
  }

  /** Notes the pods of which owners each entry matches, by its id. */
  private void takes(Pod pod) {
    for (Set<Selector> selectors : home.selectors().ofEach(pod)) {
      judge
          .matching(selectors)
          .forEach(
              e -> takers.computeIfAbsent(e.id(), _ -> new LinkedHashSet<>()).add(Made.owner(pod)));
    }
  }

  /**
   * The containers whose processes ask, or will: an init container that completed has none, and an
   * ephemeral container gets no identity, whatever its pod gets.
   */
  private List<Container> askers(Pod pod) {
    List<Container> callers = Workloads.callers(pod, socketDirectories);
    List<Container> askers =
        callers.stream()
            .filter(container -> container.role() != Container.Role.EPHEMERAL)
            .filter(container -> !container.completedInit())
            .toList();
    return askers.isEmpty() ? callers : askers;
  }

  /** By that container for which entries match worst. */
  PodEntryMatch of(Pod pod) {
    Candidates agents = home.candidates(pod.node());
    Predicate<Entry> taken =
        entry ->
            takers.getOrDefault(entry.id(), Set.of()).stream()
                .anyMatch(m -> !m.equals(Made.owner(pod)));
    List<PodEntryMatch> entryMatches = new ArrayList<>();
    for (Container container : askers(pod)) {
      EntryMatch entryMatch = judge.of(home.selectors().of(pod, container), agents, wanted, taken);
      boolean others = entryMatch.entries().stream().limit(1).anyMatch(taken);
      entryMatches.add(
          new PodEntryMatch(home, pod, container, entryMatch, Optional.empty(), others));
    }
    Optional<Container> served =
        entryMatches.stream()
            .filter(s -> s.entryMatch().served())
            .map(PodEntryMatch::container)
            .findFirst();
    return entryMatches.stream()
        .filter(s -> !s.entryMatch().served())
        .min(
            Comparator.comparing((PodEntryMatch s) -> !s.entryMatch().deniedForSure())
                .thenComparing(s -> s.entryMatch().kind()))
        // One that is served more than another says more.
        .or(
            () ->
                entryMatches.stream()
                    .max(Comparator.comparingInt(s -> s.entryMatch().entries().size())))
        .map(s -> s.beside(served))
        .orElseThrow(() -> new IllegalStateException("a pod without containers: " + pod.inWords()));
  }
}
