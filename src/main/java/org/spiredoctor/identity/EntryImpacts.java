package org.spiredoctor.identity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.identity.EntryImpact.Share;
import org.spiredoctor.identity.PodIndex.Attested;

/**
 * Counts who is served by entries before and after they are changed. What one change costs grows
 * with the pods that it concerns, and for a parent also with the entries. Not for several threads
 * at once.
 */
public final class EntryImpacts {
  private static final Comparator<Share> ORDER =
      Comparator.comparing(Share::pod).thenComparing(Share::spiffeId);

  private final Collection<Entry> entries;
  private final PodIndex pods;
  private final Collection<Agent> agents;
  private final Instant at;
  private final Parents now;
  private final Set<String> privilegedIds = new HashSet<>();
  private final Map<List<Object>, EntryImpact> known = new HashMap<>();

  /** The parents that lead to agents in one state of the entries. */
  private static final class Parents {
    private final ParentGraph graph;
    private final Map<String, Set<String>> byAgent = new HashMap<>();

    Parents(Collection<Entry> entries) {
      this.graph = new ParentGraph(entries);
    }

    Set<String> of(Agent agent) {
      return byAgent.computeIfAbsent(agent.id(), _ -> graph.parentsServedBy(agent));
    }
  }

  /**
   * Of one SPIRE.
   *
   * @param entries of its server
   * @param pods all pods that get their identity from it
   * @param agents that its server knows
   * @param at the time for which it is asked
   */
  public EntryImpacts(
      Collection<Entry> entries, PodIndex pods, Collection<Agent> agents, Instant at) {
    this.entries = List.copyOf(entries);
    this.pods = pods;
    Set<Agent> all = new LinkedHashSet<>(agents);
    pods.all().forEach(pod -> all.addAll(pod.agents()));
    this.agents = all;
    this.at = at;
    this.now = new Parents(entries);
    entries.stream().filter(Entry::privileged).map(Entry::spiffeId).forEach(privilegedIds::add);
  }

  /** A server takes a caller for an admin by its SPIFFE ID, whichever entry granted it. */
  private boolean isPrivileged(Entry entry) {
    return entry.privileged() || privilegedIds.contains(entry.spiffeId());
  }

  /**
   * What one change does.
   *
   * @param before the entry as it is; absent where it is created
   * @param after the entry as it will be; absent where it is deleted
   */
  public EntryImpact of(Optional<Entry> before, Optional<Entry> after) {
    return known.computeIfAbsent(
        List.of(before, after),
        _ -> {
          Parents then =
              keepsParents(before, after)
                  ? now
                  : new Parents(changed(before.stream().toList(), after.stream().toList()));
          return judge(then, movedParents(then), before, after);
        });
  }

  /**
   * What one of several changes does that are made together: its parent may be made by another.
   *
   * @param removed entries that are deleted, or as they are before their update
   * @param added entries that are created, or as they are after their update
   */
  public Plan plan(Collection<Entry> removed, Collection<Entry> added) {
    return new Plan(new Parents(changed(removed, added)));
  }

  /** Changes that are made together. */
  public final class Plan {
    private final Parents then;
    private final Set<String> moved;

    private Plan(Parents then) {
      this.then = then;
      this.moved = movedParents(then);
    }

    /**
     * What one of them does; see {@link EntryImpacts#of}. Entries that are reached through another
     * parent by then count for the changes of parents, and not for each change of the plan.
     */
    public EntryImpact of(Optional<Entry> before, Optional<Entry> after) {
      boolean ofParent =
          Stream.concat(before.stream(), after.stream())
              .anyMatch(
                  entry ->
                      entry.forNodes()
                          || now.graph.isParent(entry.spiffeId())
                          || then.graph.isParent(entry.spiffeId()));
      return judge(then, ofParent ? moved : Set.of(), before, after);
    }
  }

  private List<Entry> changed(Collection<Entry> removed, Collection<Entry> added) {
    Set<String> gone = new HashSet<>();
    removed.forEach(entry -> gone.add(entry.id()));
    List<Entry> all = new ArrayList<>(entries.size() + added.size());
    entries.stream().filter(entry -> !gone.contains(entry.id())).forEach(all::add);
    all.addAll(added);
    return all;
  }

  /** Whether the same parents lead to agents after a change, so that they need not be followed. */
  private boolean keepsParents(Optional<Entry> before, Optional<Entry> after) {
    return Stream.concat(before.stream(), after.stream())
            .noneMatch(entry -> entry.forNodes() || now.graph.isParent(entry.spiffeId()))
        && after.map(Entry::parentId).filter(parent -> !now.graph.isParent(parent)).isEmpty();
  }

  private EntryImpact judge(
      Parents then, Set<String> moved, Optional<Entry> before, Optional<Entry> after) {
    List<Entry> same = new ArrayList<>();
    if (!moved.isEmpty()) {
      String own = before.map(Entry::id).orElse("");
      entries.stream()
          .filter(entry -> moved.contains(entry.parentId()) && !entry.id().equals(own))
          .forEach(same::add);
    }
    Set<Share> had = new LinkedHashSet<>();
    Set<Share> has = new LinkedHashSet<>();
    same.forEach(entry -> share(entry, now, had));
    same.forEach(entry -> share(entry, then, has));
    before.ifPresent(entry -> share(entry, now, had));
    after.ifPresent(entry -> share(entry, then, has));
    List<Entry> concerned =
        Stream.concat(same.stream(), Stream.concat(before.stream(), after.stream()))
            .filter(entry -> !entry.forNodes())
            .toList();
    return new EntryImpact(
        count(had),
        count(has),
        concerned.stream().allMatch(pods::seesAll),
        concerned.stream().flatMap(e -> pods.bounds(e).stream()).distinct().sorted().toList(),
        without(has, had),
        without(had, has),
        privileged(then, same, before, after));
  }

  /** The parents that lead to an agent now and not then, or the other way round. */
  private Set<String> movedParents(Parents then) {
    Set<String> moved = new HashSet<>();
    if (then != now) {
      for (Agent agent : agents) {
        Set<String> had = now.of(agent);
        Set<String> has = then.of(agent);
        has.stream().filter(parent -> !had.contains(parent)).forEach(moved::add);
        had.stream().filter(parent -> !has.contains(parent)).forEach(moved::add);
      }
    }
    return moved;
  }

  private void share(Entry entry, Parents parents, Set<Share> into) {
    if (entry.forNodes() || entry.storeSvid() || entry.expiredAt(at)) {
      return;
    }
    for (Attested pod : pods.fitting(entry)) {
      if (pod.agents().stream().anyMatch(agent -> parents.of(agent).contains(entry.parentId()))) {
        into.add(new Share(pod.name(), entry.spiffeId()));
      }
    }
  }

  private static int count(Set<Share> shares) {
    return (int) shares.stream().map(Share::pod).distinct().count();
  }

  private static List<Share> without(Set<Share> some, Set<Share> others) {
    return some.stream().filter(share -> !others.contains(share)).sorted(ORDER).toList();
  }

  private List<String> privileged(
      Parents then, List<Entry> same, Optional<Entry> before, Optional<Entry> after) {
    Stream<Entry> changed =
        Stream.concat(before.stream(), after.stream()).filter(this::isPrivileged);
    Stream<Entry> given =
        same.stream()
            .filter(this::isPrivileged)
            .filter(
                entry ->
                    agents.stream()
                        .anyMatch(
                            agent ->
                                then.of(agent).contains(entry.parentId())
                                    && !now.of(agent).contains(entry.parentId())));
    return Stream.concat(changed, given).map(Entry::spiffeId).distinct().sorted().toList();
  }
}
