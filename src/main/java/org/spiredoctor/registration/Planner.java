package org.spiredoctor.registration;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Owner;
import org.spiredoctor.registration.Change.Action;

/**
 * Compares what is declared with what is there. An entry is the same as another when its SPIFFE ID,
 * its parent and its selectors are, as SPIRE has it ("similar entry already exists").
 *
 * @param declared each entry once
 * @param owner whose entries may be given other selectors, and be deleted
 * @param prune whether those that are declared no longer are deleted
 */
public record Planner(List<Declared> declared, Owner owner, boolean prune) {

  /** Against the entries of a server. */
  public Plan against(List<Entry> present) {
    return new Comparison(present).plan();
  }

  private final class Comparison {
    private final Map<Entry.Key, Entry> byKey = new HashMap<>();
    private final Map<String, List<Entry>> byId = new HashMap<>();
    private final Set<Entry.Key> wanted = new HashSet<>();
    private final Set<String> used = new HashSet<>();
    private final List<Entry> present;

    Comparison(List<Entry> present) {
      this.present = present;
      declared.forEach(one -> wanted.add(one.entry().key()));
      for (Entry entry : present) {
        byKey.putIfAbsent(entry.key(), entry);
        byId.computeIfAbsent(entry.spiffeId(), _ -> new ArrayList<>(1)).add(entry);
      }
    }

    Plan plan() {
      List<Change> changes = new ArrayList<>();
      // What fits is taken first, so that nothing that fits is changed for another.
      for (Declared one : declared) {
        Entry there = byKey.get(one.entry().key());
        if (there != null) {
          used.add(there.id());
        }
      }
      declared.forEach(one -> changes.add(change(one)));
      List<Entry> leftOver = present.stream().filter(this::isLeftOver).toList();
      Set<String> needed = parents(leftOver);
      leftOver = leftOver.stream().filter(entry -> !needed.contains(entry.spiffeId())).toList();
      if (prune) {
        leftOver.forEach(
            entry ->
                changes.add(
                    new Change(
                        Action.DELETE,
                        entry,
                        Optional.of(entry),
                        List.of(),
                        Origin.NONE,
                        List.of())));
      }
      return new Plan(List.copyOf(changes), prune ? List.of() : leftOver);
    }

    private boolean isLeftOver(Entry entry) {
      return owner.made(entry) && !used.contains(entry.id()) && !wanted.contains(entry.key());
    }

    /** The parents of what is declared and of what stays, and theirs: a node alias among them. */
    private Set<String> parents(List<Entry> leftOver) {
      Set<String> parents = new HashSet<>();
      Deque<String> open = new ArrayDeque<>();
      declared.forEach(one -> open.add(one.entry().parentId()));
      Set<Entry> goes = new HashSet<>(leftOver);
      present.stream().filter(e -> !goes.contains(e)).forEach(e -> open.add(e.parentId()));
      while (!open.isEmpty()) {
        String parent = open.remove();
        if (parents.add(parent)) {
          byId.getOrDefault(parent, List.of()).forEach(entry -> open.add(entry.parentId()));
        }
      }
      return parents;
    }

    private Change change(Declared one) {
      Entry there = byKey.get(one.entry().key());
      if (there == null) {
        there = stale(one.entry()).orElse(null);
      }
      if (there == null) {
        String hint = one.hinted() ? one.entry().hint() : owner.hint(one.entry().spiffeId());
        return new Change(
            Action.CREATE,
            one.entry().named("", hint),
            Optional.empty(),
            List.of(),
            one.origin(),
            others(one.entry()));
      }
      used.add(there.id());
      String hint = one.hinted() ? one.entry().hint() : there.hint();
      Entry to = one.entry().named(there.id(), hint);
      List<FieldDifference> differences = new ArrayList<>(FieldDifference.between(there, to));
      FieldDifference.ofHint(there, to).ifPresent(differences::add);
      return new Change(
          differences.isEmpty() ? Action.NONE : Action.UPDATE,
          to,
          Optional.of(there),
          List.copyOf(differences),
          one.origin(),
          List.of());
    }

    /**
     * One that we made before for the same SPIFFE ID and parent, and that nobody declares now. A
     * node alias is never taken: it may be that of another cluster.
     */
    private Optional<Entry> stale(Entry entry) {
      return sameId(entry).stream()
          .filter(there -> owner.made(there) && !there.forNodes())
          .filter(there -> there.parentId().equals(entry.parentId()))
          .filter(there -> !used.contains(there.id()) && !wanted.contains(there.key()))
          .max(Comparator.comparingLong(there -> common(there, entry)));
    }

    private static long common(Entry one, Entry other) {
      return one.selectors().stream().filter(other.selectors()::contains).count();
    }

    private List<String> others(Entry entry) {
      return sameId(entry).stream()
          .filter(there -> !owner.made(there) && !wanted.contains(there.key()))
          .map(Entry::id)
          .toList();
    }

    private List<Entry> sameId(Entry entry) {
      return byId.getOrDefault(entry.spiffeId(), List.of());
    }
  }
}
