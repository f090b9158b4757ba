package org.spiredoctor.registration;

import java.util.List;
import java.util.Optional;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;

/**
 * What is to be done about one entry.
 *
 * @param entry as it is to be; what is to be deleted as it is
 * @param seen the entry that is there, as it was when this was planned
 * @param differences from what is there, where it is updated
 * @param origin where it was declared; {@link Origin#NONE} where it was not in a file
 * @param others ids of entries of the same SPIFFE ID that stay as they are, since somebody else
 *     made them
 */
public record Change(
    Action action,
    Entry entry,
    Optional<Entry> seen,
    List<FieldDifference> differences,
    Origin origin,
    List<String> others) {

  /** What is done. */
  public enum Action {
    CREATE,
    UPDATE,
    DELETE,
    /** It is as it should be. */
    NONE
  }

  /** The same of an entry that has an id now. */
  public Change withId(String id) {
    return new Change(action, entry.named(id, entry.hint()), seen, differences, origin, others);
  }

  /** From what is there to what is to be. */
  public EntryUpdate update() {
    return new EntryUpdate(seen.orElseThrow(), entry);
  }

  /** Whether anything is done. */
  public boolean changes() {
    return action != Action.NONE;
  }
}
