package org.spiredoctor.registration;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryImpact;
import org.spiredoctor.identity.EntryImpact.Share;
import org.spiredoctor.identity.EntryImpacts;
import org.spiredoctor.registration.Change.Action;

/**
 * What makes a server's entries equal to what is declared.
 *
 * @param changes in the order in which they are made: parents before children, as declared,
 *     deletions last; those that are as they should be among them
 * @param leftOver entries that were made for this owner, and are declared no longer, where they are
 *     not to be deleted
 */
public record Plan(List<Change> changes, List<Entry> leftOver) {

  /** Whether nothing is to be done; there may be conflicts all the same. */
  public boolean isDone() {
    return changes.stream().noneMatch(Change::changes);
  }

  /**
   * The same with what each change does, where they are made together.
   *
   * @param present the entries of the server; those of {@link Change#seen} may have other ids where
   *     objects declare them
   */
  public Plan withImpacts(EntryImpacts impacts, List<Entry> present) {
    Map<Entry.Key, Entry> byKey = new HashMap<>();
    present.forEach(entry -> byKey.putIfAbsent(entry.key(), entry));
    Function<Change, Optional<Entry>> before =
        change -> change.seen().map(seen -> byKey.getOrDefault(seen.key(), seen));
    List<Change> made = changes.stream().filter(Change::changes).toList();
    EntryImpacts.Plan together =
        impacts.plan(
            made.stream().flatMap(change -> before.apply(change).stream()).toList(),
            made.stream().flatMap(change -> change.after().stream()).toList());
    return new Plan(
        changes.stream()
            .map(
                change ->
                    change.changes()
                        ? change.withImpact(together.of(before.apply(change), change.after()))
                        : change)
            .toList(),
        leftOver);
  }

  /** Who is served an identity by these changes, and was not served it by them before. */
  public List<Share> gains() {
    return shares(EntryImpact::gains);
  }

  /** Who is no longer served an identity by them. */
  public List<Share> losses() {
    return shares(EntryImpact::losses);
  }

  /** The only namespaces whose pods are counted, where pods of others may be concerned. */
  public Optional<String> within() {
    return changes.stream()
        .flatMap(change -> change.impact().stream())
        .filter(impact -> !impact.within().isEmpty())
        .findFirst()
        .map(EntryImpact::namespaces);
  }

  private List<Share> shares(Function<EntryImpact, List<Share>> side) {
    return changes.stream()
        .flatMap(change -> change.impact().stream())
        .flatMap(impact -> side.apply(impact).stream())
        .distinct()
        .toList();
  }

  /** How many there are of an action. */
  public long count(Action action) {
    return of(action).count();
  }

  /** Those of an action. */
  public Stream<Change> of(Action action) {
    return changes.stream().filter(change -> change.action() == action);
  }
}
