package org.spiredoctor.registration;

import java.util.List;
import java.util.Optional;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryImpact;
import org.spiredoctor.identity.EntryUpdate;

/**
 * What is to be done about one entry.
 *
 * @param entry as it is to be; what is to be deleted as it is
 * @param seen the entry that is there, as it was when this was planned
 * @param differences from what is there, where it is updated or would have to be
 * @param origin where it was declared; {@link Origin#NONE} where it was not in a file
 * @param others entries of the same SPIFFE ID that stay as they are, since somebody else created
 *     them
 * @param notes what has to be said about it before it is done: of a conflict first why it is one;
 *     untrusted
 * @param impact who is served an identity by it before and after; absent where that was not counted
 */
public record Change(
    Action action,
    Entry entry,
    Optional<Entry> seen,
    List<FieldDifference> differences,
    Origin origin,
    List<Entry> others,
    List<String> notes,
    Optional<EntryImpact> impact) {

  /** What is done. */
  public enum Action {
    CREATE,
    UPDATE,
    DELETE,
    /** It is as it should be. */
    NONE,
    /** Nothing: it cannot become as declared without changing what belongs to somebody else. */
    CONFLICT
  }

  /** The same of an entry that has an id now. */
  public Change withId(String id) {
    return new Change(
        action, entry.named(id, entry.hint()), seen, differences, origin, others, notes, impact);
  }

  /** The same with what it does. */
  Change withImpact(EntryImpact counted) {
    return new Change(
        action, entry, seen, differences, origin, others, notes, Optional.of(counted));
  }

  /** The entry as it is afterwards; nothing when it is gone. */
  Optional<Entry> after() {
    return action == Action.DELETE ? Optional.empty() : Optional.of(entry);
  }

  /** From what is there to what is to be. */
  public EntryUpdate update() {
    return new EntryUpdate(seen.orElseThrow(), entry);
  }

  /** Whether anything is done. */
  public boolean changes() {
    return switch (action) {
      case CREATE, UPDATE, DELETE -> true;
      case NONE, CONFLICT -> false;
    };
  }
}
