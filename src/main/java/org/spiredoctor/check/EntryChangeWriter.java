package org.spiredoctor.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.diagnosis.Remedy.EntryChange;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.registration.FieldDifference;
import org.spiredoctor.registration.server.EntryStore;
import org.spiredoctor.registration.server.GuardedWrites;
import org.spiredoctor.registration.server.StoreException;

/** Makes one change of an entry, as long as the server's entries are those that it was made for. */
final class EntryChangeWriter {
  private final EntryStore store;

  EntryChangeWriter(EntryStore store) {
    this.store = store;
  }

  /**
   * What came of it.
   *
   * @param made whether the entry is as it was meant to be, and was not before
   * @param found what the server had just before or just after; untrusted
   */
  record Result(boolean made, List<String> found) {}

  /**
   * Reads the entries of the SPIFFE ID again, writes when none of them has changed since they were
   * listed, and reads once more.
   */
  Result make(EntryChange change) throws StoreException {
    List<String> meanwhile = differences(change.there(), now(change));
    if (!meanwhile.isEmpty()) {
      meanwhile.addFirst("The server's entries have changed since they were listed:");
      return new Result(false, List.copyOf(meanwhile));
    }
    EntryStore.Result result = write(change);
    if (result.code() != 0) {
      List<String> why =
          new ArrayList<>(List.of("The server was not changed: " + result.message()));
      result.meanwhile().forEach(difference -> why.add(difference.inWords()));
      return new Result(false, List.copyOf(why));
    }
    return read(change);
  }

  private EntryStore.Result write(EntryChange change) throws StoreException {
    return change.before().isPresent()
        ? new GuardedWrites(store)
            .update(List.of(new EntryUpdate(change.before().get(), change.after())))
            .getFirst()
        : store.create(List.of(change.after())).getFirst();
  }

  private Result read(EntryChange change) throws StoreException {
    List<Entry> now = now(change);
    Optional<Entry> its =
        now.stream()
            .filter(
                entry ->
                    change.before().isPresent()
                        ? entry.id().equals(change.after().id())
                        : entry.key().equals(change.after().key()))
            .findFirst();
    if (its.isEmpty()) {
      return new Result(false, List.of("Read back: the server does not have the entry"));
    }
    List<FieldDifference> rest = FieldDifference.ofAll(its.get(), change.after());
    if (rest.isEmpty()) {
      return new Result(true, List.of("Read back: " + its.get().inWords() + " is as meant"));
    }
    List<String> found =
        new ArrayList<>(List.of("Read back: " + its.get().inWords() + " differs:"));
    rest.forEach(difference -> found.add(difference.inWords()));
    return new Result(false, List.copyOf(found));
  }

  private List<Entry> now(EntryChange change) throws StoreException {
    return store.entries().stream()
        .filter(entry -> entry.spiffeId().equals(change.after().spiffeId()))
        .toList();
  }

  private static List<String> differences(List<Entry> then, List<Entry> now) {
    List<String> differences = new ArrayList<>();
    Map<String, Entry> left = new HashMap<>();
    now.forEach(entry -> left.put(entry.id(), entry));
    for (Entry entry : then) {
      Entry its = left.remove(entry.id());
      if (its == null) {
        differences.add(entry.inWords() + " is gone, or grants another SPIFFE ID");
      } else if (!its.equals(entry)) {
        List<FieldDifference> fields = FieldDifference.ofAll(entry, its);
        differences.add(its.inWords() + (fields.isEmpty() ? " was updated" : ":"));
        fields.forEach(field -> differences.add("  " + field.inWords()));
      }
    }
    left.values().forEach(entry -> differences.add(entry.inWords() + " is new"));
    return differences;
  }
}
