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
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.registration.Change.Action;

/**
 * Compares what is declared with what is there. An entry is the same as another when its SPIFFE ID,
 * its parent and its selectors are, as SPIRE has it ("similar entry already exists").
 *
 * @param declared each entry once
 * @param ownership which entries may be changed, and be deleted
 * @param prune whether those of the owner that are declared no longer are deleted
 */
public record Planner(List<Declared> declared, Ownership ownership, boolean prune) {

  /** For an owner who changes nothing that others made. */
  public Planner(List<Declared> declared, EntryOwner owner, boolean prune) {
    this(declared, Ownership.of(owner), prune);
  }

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
    private final SharedIdentity shared = new SharedIdentity(declared);

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
                        List.of(),
                        SharedIdentity.privileges(entry, Entry.of("", "", Set.of())),
                        Optional.empty())));
      }
      return new Plan(List.copyOf(changes), prune ? List.of() : leftOver);
    }

    private boolean isLeftOver(Entry entry) {
      return ownership.owns(entry) && !used.contains(entry.id()) && !wanted.contains(entry.key());
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
        there = stale(one).orElse(null);
      }
      if (there == null) {
        return created(one);
      }
      used.add(there.id());
      Entry to = one.entry().named(there.id(), hint(one, there));
      List<FieldDifference> differences = new ArrayList<>(FieldDifference.between(there, to));
      FieldDifference.ofHint(there, to).ifPresent(differences::add);
      if (differences.isEmpty()) {
        return new Change(
            Action.NONE,
            to,
            Optional.of(there),
            List.of(),
            one.origin(),
            List.of(),
            List.of(),
            Optional.empty());
      }
      List<Entry> others =
          to.selectors().equals(there.selectors()) ? List.of() : others(one.entry(), there.id());
      return change(one, to, there, List.copyOf(differences), others);
    }

    private Change change(
        Declared one,
        Entry to,
        Entry there,
        List<FieldDifference> differences,
        List<Entry> others) {
      Optional<String> objection =
          ownership
              .objection(there, one)
              .map(why -> "entry " + there.id() + " is not as declared, and " + why)
              .or(() -> shared.objection(to, others));
      List<String> notes = new ArrayList<>();
      if (objection.isPresent()) {
        notes.add(objection.get());
      } else {
        ownership.takeover(there).ifPresent(notes::add);
        notes.addAll(SharedIdentity.privileges(there, to));
        notes.addAll(shared.notes(to, others));
      }
      return new Change(
          objection.isPresent() ? Action.CONFLICT : Action.UPDATE,
          to,
          Optional.of(there),
          differences,
          one.origin(),
          others,
          List.copyOf(notes),
          Optional.empty());
    }

    /** What is taken over gets the owner's mark; a hint that is declared is one. */
    private String hint(Declared one, Entry there) {
      if (one.hinted()) {
        return one.entry().hint();
      }
      boolean keeps =
          ownership.owns(there) || (!ownership.adopt() && there.key().equals(one.entry().key()));
      return keeps ? there.hint() : ownership.owner().hint(there.spiffeId());
    }

    private Change created(Declared one) {
      Entry entry = one.entry();
      String hint = one.hinted() ? entry.hint() : ownership.owner().hint(entry.spiffeId());
      List<Entry> others = others(entry, "");
      Optional<String> objection = shared.objection(entry, others);
      return new Change(
          objection.isPresent() ? Action.CONFLICT : Action.CREATE,
          entry.named(ownership.newId(entry), hint),
          Optional.empty(),
          List.of(),
          one.origin(),
          others,
          objection.map(List::of).orElseGet(() -> shared.notes(entry, others)),
          Optional.empty());
    }

    /**
     * One that may be changed, has the same SPIFFE ID and parent, and that nobody declares now. A
     * node alias is never taken: it may be that of another cluster.
     */
    private Optional<Entry> stale(Declared one) {
      Entry entry = one.entry();
      return ownership.reselect()
          ? sameId(entry).stream()
              .filter(there -> !there.forNodes() && there.parentId().equals(entry.parentId()))
              .filter(there -> !used.contains(there.id()) && !wanted.contains(there.key()))
              .filter(there -> ownership.mayReselect(there, one))
              .max(Comparator.comparingLong(there -> common(there, entry)))
          : Optional.empty();
    }

    private static long common(Entry one, Entry other) {
      return one.selectors().stream().filter(other.selectors()::contains).count();
    }

    private List<Entry> others(Entry entry, String but) {
      return sameId(entry).stream()
          .filter(there -> !there.id().equals(but) && !wanted.contains(there.key()))
          .filter(there -> !ownership.owns(there) || ownership.owner().equals(EntryOwner.NOBODY))
          .toList();
    }

    private List<Entry> sameId(Entry entry) {
      return byId.getOrDefault(entry.spiffeId(), List.of());
    }
  }
}
