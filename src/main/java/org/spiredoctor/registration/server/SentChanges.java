package org.spiredoctor.registration.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.registration.Change;
import org.spiredoctor.registration.Change.Action;
import org.spiredoctor.registration.Plan;
import org.spiredoctor.registration.server.EntryStore.Result;

/** What was sent of a plan, and what the server has answered. */
final class SentChanges {
  private final IdentityHashMap<Entry, Result> results = new IdentityHashMap<>();
  private final Set<Entry> sent = new HashSet<>();
  private Optional<StoreException> trouble = Optional.empty();

  /** A batch is sent now. */
  void begun(List<Change> batch) {
    batch.forEach(change -> sent.add(change.entry()));
  }

  /** It was answered. */
  void answered(List<Change> batch, List<Result> said) {
    for (int i = 0; i < batch.size(); i++) {
      results.put(
          batch.get(i).entry(),
          i < said.size() ? said.get(i) : new Result(2, "the server said nothing of it"));
    }
  }

  /** It was not. */
  void failed(List<Change> batch, StoreException why) {
    trouble = trouble.or(() -> Optional.of(why));
    if (why.nothingSent()) {
      batch.forEach(change -> sent.remove(change.entry()));
    }
  }

  /** What kept a batch from being answered first; after it none was begun. */
  Optional<StoreException> trouble() {
    return trouble;
  }

  /** Whether a change was sent, answered or not. */
  boolean sent(Change change) {
    return sent.contains(change.entry());
  }

  /** What came of a change; null while it is not answered. */
  @Nullable Result of(Change change) {
    return results.get(change.entry());
  }

  /**
   * What the server has now, where its answers tell: entries were created, each of them was
   * answered with what became of it, and nothing else was changed.
   *
   * @param present what it had before
   */
  Optional<List<Entry>> told(Plan plan, List<Entry> present) {
    List<Entry> all = new ArrayList<>(present);
    for (Change change : plan.changes()) {
      if (!change.changes()) {
        continue;
      }
      Result result = of(change);
      if (change.action() != Action.CREATE
          || result == null
          || result.code() != 0
          || result.entry().isEmpty()) {
        return Optional.empty();
      }
      all.add(result.entry().get());
    }
    return Optional.of(List.copyOf(all));
  }
}
