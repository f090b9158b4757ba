package org.spiredoctor.registration;

import java.util.List;
import java.util.stream.Stream;
import org.spiredoctor.identity.Entry;
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

  /** Whether nothing has to be done. */
  public boolean isDone() {
    return changes.stream().noneMatch(Change::changes);
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
