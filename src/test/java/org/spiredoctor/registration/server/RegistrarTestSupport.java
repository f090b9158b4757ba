package org.spiredoctor.registration.server;

import static org.spiredoctor.registration.Given.declared;
import static org.spiredoctor.registration.Given.present;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.registration.Declared;
import org.spiredoctor.registration.Planner;
import org.spiredoctor.registration.server.RegistrationOutcome.Status;
import org.spiredoctor.registration.server.RegistrationOutcome.Step;

/** A server that keeps its entries in memory, and a plan that is carried out there. */
abstract class RegistrarTestSupport {
  static final EntryOwner MINE = new EntryOwner("mine");
  static final List<Declared> FIVE =
      IntStream.rangeClosed(1, 5).mapToObj(i -> declared("/w" + i, "k8s:sa:w" + i)).toList();

  int pauses;

  /** A server in memory, that does what it is told to go wrong. */
  @SuppressWarnings("UnusedVariable") // of what can be told to go wrong, each test uses some
  static class Store implements EntryStore {
    final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
    int batches;
    int listings;
    int reads;
    int unreadable;

    /** What happens at a batch, before it is taken; an exception means that it is not. */
    void before(int batch, List<Entry> sent) throws StoreException {}

    /** After it was taken: an exception means that the answer is lost. */
    void after(int batch) throws StoreException {}

    Result create(Entry entry) {
      boolean there =
          entries.values().stream()
              .anyMatch(
                  e ->
                      e.spiffeId().equals(entry.spiffeId())
                          && e.selectors().equals(entry.selectors()));
      if (there) {
        return new Result(ALREADY_EXISTS, "similar entry already exists");
      }
      String id = "e" + (entries.size() + 1);
      entries.put(id, entry.named(id, entry.hint()));
      return Result.OK;
    }

    @Override
    public List<Entry> entries() throws StoreException {
      listings++;
      if (unreadable-- > 0) {
        throw new StoreException("list the entries", "connection refused", false);
      }
      return List.copyOf(entries.values());
    }

    @Override
    public List<Entry> entries(Set<String> ids) throws StoreException {
      reads++;
      return entries.values().stream().filter(entry -> ids.contains(entry.id())).toList();
    }

    @Override
    public List<Result> create(List<Entry> batch) throws StoreException {
      before(++batches, batch);
      List<Result> results = batch.stream().map(this::create).toList();
      after(batches);
      return results;
    }

    @Override
    public List<Result> update(List<EntryUpdate> batch) throws StoreException {
      before(++batches, batch.stream().map(EntryUpdate::meant).toList());
      List<Result> results = new ArrayList<>();
      for (EntryUpdate update : batch) {
        Entry entry = update.meant();
        boolean there = entries.replace(entry.id(), entry) != null;
        results.add(there ? Result.OK : new Result(NOT_FOUND, "failed to update entry"));
      }
      return results;
    }

    @Override
    public List<Result> delete(List<Entry> batch) throws StoreException {
      before(++batches, batch);
      return batch.stream()
          .map(e -> entries.remove(e.id()) == null ? new Result(5, "not found") : Result.OK)
          .toList();
    }

    @Override
    public int batch() {
      return 2;
    }

    @Override
    public void close() {}
  }

  RegistrationOutcome apply(Store store, List<Declared> declared, boolean prune)
      throws InterruptedException {
    Planner planner = new Planner(declared, MINE, prune);
    List<Entry> present = List.copyOf(store.entries.values());
    return new Registrar(store, planner, () -> pauses++, _ -> {})
        .apply(planner.against(present), present);
  }

  static List<Status> statuses(RegistrationOutcome outcome) {
    return outcome.steps().stream().map(Step::status).toList();
  }
}
