package org.spiredoctor.registration.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.registration.FieldDifference;
import org.spiredoctor.registration.server.EntryStore.Result;

/**
 * Changes entries only while they are what they were when the change was planned. SPIRE's API has
 * no compare-and-swap, so the entries of a batch are read again directly before it is sent, and an
 * entry in which anything differs is left alone: its result has the code {@link EntryStore#ABORTED}
 * and says what differs. One that is gone has the code {@link EntryStore#NOT_FOUND}.
 */
public final class GuardedWrites {
  private final EntryStore store;

  /** On a store. */
  public GuardedWrites(EntryStore store) {
    this.store = store;
  }

  private interface Write<T> {
    List<Result> send(List<T> some) throws StoreException;
  }

  /**
   * Updates entries; a result for each, in order. One that is as it is meant to be by now is not
   * written again.
   */
  public List<Result> update(List<EntryUpdate> updates) throws StoreException {
    return guarded(updates, EntryUpdate::seen, store::update, GuardedWrites::judge);
  }

  /** Deletes entries; a result for each, in order. */
  public List<Result> delete(List<Entry> seen) throws StoreException {
    return guarded(seen, Function.identity(), store::delete, GuardedWrites::judge);
  }

  private interface Judge<T> {
    /** Why a change is not sent; null when it is. */
    @Nullable Result of(T change, Entry now);
  }

  private <T> List<Result> guarded(
      List<T> changes, Function<T, Entry> seen, Write<T> write, Judge<T> judge)
      throws StoreException {
    Set<String> ids = new LinkedHashSet<>();
    changes.forEach(change -> ids.add(seen.apply(change).id()));
    Map<String, Entry> now = read(ids);
    Map<Integer, Result> held = new HashMap<>();
    List<T> sent = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      Entry there = now.get(seen.apply(changes.get(i)).id());
      Result why =
          there == null
              ? new Result(EntryStore.NOT_FOUND, "the entry is gone")
              : judge.of(changes.get(i), there);
      if (why == null) {
        sent.add(changes.get(i));
      } else {
        held.put(i, why);
      }
    }
    List<Result> said = sent.isEmpty() ? List.of() : write.send(sent);
    List<Result> results = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < changes.size(); i++) {
      Result why = held.get(i);
      if (why == null) {
        why = next < said.size() ? said.get(next) : new Result(2, "the server said nothing of it");
        next++;
      }
      results.add(why);
    }
    return List.copyOf(results);
  }

  private Map<String, Entry> read(Set<String> ids) throws StoreException {
    try {
      return store.entries(ids).stream()
          .collect(Collectors.toMap(Entry::id, Function.identity(), (one, _) -> one));
    } catch (StoreException e) {
      throw e.beforeSending();
    }
  }

  private static @Nullable Result judge(EntryUpdate update, Entry now) {
    return FieldDifference.ofAll(now, update.meant()).isEmpty()
        ? Result.OK
        : judge(update.seen(), now);
  }

  private static @Nullable Result judge(Entry seen, Entry now) {
    List<FieldDifference> meanwhile = FieldDifference.ofAll(seen, now);
    // A newer server may have fields that are not known here.
    if (meanwhile.isEmpty() && seen.revision() != now.revision()) {
      meanwhile =
          List.of(
              new FieldDifference(
                  "revision",
                  List.of(String.valueOf(seen.revision())),
                  List.of(String.valueOf(now.revision()))));
    }
    return meanwhile.isEmpty() ? null : Result.changedMeanwhile(meanwhile);
  }
}
