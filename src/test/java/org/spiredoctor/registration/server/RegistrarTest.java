package org.spiredoctor.registration.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.registration.Given.declared;
import static org.spiredoctor.registration.Given.present;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.registration.Declared;
import org.spiredoctor.registration.FieldDifference;
import org.spiredoctor.registration.Planner;
import org.spiredoctor.registration.server.RegistrationOutcome.Status;
import org.spiredoctor.registration.server.RegistrationOutcome.Step;

/** What comes of a plan when the server, or somebody else at it, does not play along. */
class RegistrarTest {
  /** A server in memory, that does what it is told to go wrong. */
  @SuppressWarnings("UnusedVariable") // of what can be told to go wrong, each test uses some
  private static class Store implements EntryStore {
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

  private static final EntryOwner MINE = new EntryOwner("mine");

  private static final List<Declared> FIVE =
      IntStream.rangeClosed(1, 5).mapToObj(i -> declared("/w" + i, "k8s:sa:w" + i)).toList();

  private int pauses;

  private RegistrationOutcome apply(Store store, List<Declared> declared, boolean prune)
      throws InterruptedException {
    Planner planner = new Planner(declared, MINE, prune);
    List<Entry> present = List.copyOf(store.entries.values());
    return new Registrar(store, planner, () -> pauses++, _ -> {})
        .apply(planner.against(present), present);
  }

  private static List<Status> statuses(RegistrationOutcome outcome) {
    return outcome.steps().stream().map(Step::status).toList();
  }

  private static StoreException broken() {
    return new StoreException("create entries", "connection reset", false);
  }

  @Test
  void allIsMadeAndReadBackWithItsId() throws InterruptedException {
    Store store = new Store();
    RegistrationOutcome outcome = apply(store, FIVE, false);
    assertThat(outcome.allDone()).isTrue();
    assertThat(store.batches).isEqualTo(3);
    assertThat(outcome.steps().getLast().change().entry().id()).isEqualTo("e5");
    assertThat(apply(store, FIVE, false).allDone()).isTrue();
    assertThat(store.batches).isEqualTo(3);
  }

  /** One that answers each new entry with what it has of it, as spire-server does. */
  private static class Answering extends Store {
    @Override
    Result create(Entry entry) {
      Result result = super.create(entry);
      return result.code() == 0 ? result.of(kept(entries.lastEntry().getValue())) : result;
    }

    /** What it answers. */
    Entry kept(Entry entry) {
      return entry;
    }
  }

  @Test
  void whatTheServerAnswersIsNotReadBack() throws InterruptedException {
    Store store = new Answering();
    RegistrationOutcome outcome = apply(store, FIVE, false);
    assertThat(outcome.allDone()).isTrue();
    assertThat(store.listings).isZero();
    assertThat(outcome.steps().getLast().change().entry().id()).isEqualTo("e5");
  }

  /** SPIRE answers DNS names in the order of the alphabet, and keeps them in the one they had. */
  @Test
  void whatTheServerAnswersOtherwiseIsReadBack() throws InterruptedException {
    Store store =
        new Answering() {
          @Override
          Entry kept(Entry entry) {
            return entry.federatingWith(List.of("other.org"));
          }
        };
    assertThat(apply(store, FIVE, false).allDone()).isTrue();
    assertThat(store.listings).isOne();
  }

  @Test
  void whatIsMoreThanNewEntriesIsReadBack() throws InterruptedException {
    Store store = new Answering();
    store.entries.put("old", present("old", "spire-doctor:mine/gone", "/gone", "k8s:sa:gone"));
    assertThat(apply(store, FIVE, true).allDone()).isTrue();
    assertThat(store.listings).isEqualTo(2);
    Store raced =
        new Answering() {
          @Override
          void before(int batch, List<Entry> sent) {
            if (batch == 1) {
              super.create(sent.getFirst());
            }
          }
        };
    assertThat(apply(raced, FIVE, false).allDone()).isTrue();
    assertThat(raced.listings).isEqualTo(1);
  }

  @Test
  void halfWayTheRestIsToldAndASecondRunGoesOn() throws InterruptedException {
    Store store =
        new Store() {
          @Override
          void before(int batch, List<Entry> sent) throws StoreException {
            if (batch == 2) {
              throw broken();
            }
          }
        };
    RegistrationOutcome outcome = apply(store, FIVE, false);
    assertThat(statuses(outcome))
        .containsExactly(
            Status.DONE, Status.DONE, Status.NOT_DONE, Status.NOT_DONE, Status.NOT_DONE);
    assertThat(outcome.trouble()).hasValue("create entries: connection reset");
    assertThat(apply(store, FIVE, false).allDone()).isTrue();
  }

  @Test
  void anAnswerThatIsLostIsReadBack() throws InterruptedException {
    Store store =
        new Store() {
          @Override
          void after(int batch) throws StoreException {
            unreadable = 2;
            throw broken();
          }
        };
    RegistrationOutcome outcome = apply(store, FIVE, false);
    assertThat(statuses(outcome))
        .containsExactly(
            Status.DONE, Status.DONE, Status.NOT_DONE, Status.NOT_DONE, Status.NOT_DONE);
    assertThat(pauses).isEqualTo(2);
  }

  @Test
  void whatCannotBeReadBackIsNotKnown() throws InterruptedException {
    Store store =
        new Store() {
          @Override
          void after(int batch) throws StoreException {
            if (batch == 2) {
              unreadable = 100;
              throw broken();
            }
          }
        };
    RegistrationOutcome outcome = apply(store, FIVE, false);
    assertThat(statuses(outcome))
        .containsExactly(
            Status.UNKNOWN, Status.UNKNOWN, Status.UNKNOWN, Status.UNKNOWN, Status.NOT_DONE);
    assertThat(outcome.steps().getFirst().why()).contains("the server said that it is made");
    assertThat(outcome.allDone()).isFalse();
  }

  @Test
  void whatTheServerRefusesIsToldWithItsWordsAndHoldsUpNothing() throws InterruptedException {
    Store store =
        new Store() {
          @Override
          Result create(Entry entry) {
            return entry.spiffeId().endsWith("/w2")
                ? new Result(3, "failed to convert entry")
                : super.create(entry);
          }
        };
    RegistrationOutcome outcome = apply(store, FIVE, false);
    assertThat(outcome.steps().get(1).status()).isEqualTo(Status.FAILED);
    assertThat(outcome.steps().get(1).why()).isEqualTo("failed to convert entry");
    assertThat(statuses(outcome)).containsOnlyOnce(Status.FAILED).contains(Status.DONE);
  }

  @Test
  void somebodyElseWasQuickerWithTheSame() throws InterruptedException {
    Store store =
        new Store() {
          @Override
          void before(int batch, List<Entry> sent) {
            if (batch == 1) {
              super.create(sent.getFirst());
            }
          }
        };
    assertThat(apply(store, FIVE, false).allDone()).isTrue();
    assertThat(store.entries).hasSize(5);
  }

  @Test
  void somebodyElseWasQuickerWithAnother() throws InterruptedException {
    Store store =
        new Store() {
          @Override
          void before(int batch, List<Entry> sent) {
            if (batch == 1) {
              super.create(sent.getFirst().federatingWith(List.of("other.org")));
            }
          }
        };
    RegistrationOutcome outcome = apply(store, FIVE, false);
    assertThat(outcome.allDone()).isTrue();
    assertThat(store.entries.values()).allMatch(e -> e.federatesWith().isEmpty());
  }

  @Test
  void whatWasDeletedMeanwhileIsMadeAgain() throws InterruptedException {
    Store store =
        new Store() {
          @Override
          void before(int batch, List<Entry> sent) {
            if (batch == 1) {
              entries.remove("old");
            }
          }
        };
    store.entries.put("old", present("old", "spire-doctor:mine/w1", "/w1", "k8s:sa:stale"));
    RegistrationOutcome outcome = apply(store, List.of(FIVE.getFirst()), false);
    assertThat(outcome.allDone()).isTrue();
    assertThat(store.entries).hasSize(1).doesNotContainKey("old");
  }

  @Test
  void whatSomebodyDeletesAgainIsNotDone() throws InterruptedException {
    Store store =
        new Store() {
          @Override
          void after(int batch) {
            entries.clear();
          }
        };
    RegistrationOutcome outcome = apply(store, List.of(FIVE.getFirst()), false);
    assertThat(outcome.steps().getFirst().why()).contains("somebody deletes it");
    assertThat(outcome.allDone()).isFalse();
  }

  @Test
  void whatTheServerDoesNotKeepIsToldFieldByField() throws InterruptedException {
    Store store =
        new Store() {
          @Override
          Result create(Entry entry) {
            return super.create(entry.federatingWith(List.of()));
          }
        };
    Declared one = FIVE.getFirst();
    Declared federating =
        new Declared(one.entry().federatingWith(List.of("other.org")), false, one.origin());
    Step step = apply(store, List.of(federating), false).steps().getFirst();
    assertThat(step.why())
        .isEqualTo("the server keeps it otherwise: federatesWith: other.org is missing");
    // It is there all the same.
    assertThat(step.status()).isEqualTo(Status.FAILED);
    assertThat(step.change().entry().id()).isNotEmpty();
  }

  @Test
  void whoMayNotIsToldAndNothingWasMade() throws InterruptedException {
    Store store =
        new Store() {
          @Override
          void before(int batch, List<Entry> sent) throws StoreException {
            throw new StoreException("create pods/exec in namespace spire", "403 forbidden", true);
          }
        };
    RegistrationOutcome outcome = apply(store, FIVE, false);
    assertThat(statuses(outcome)).containsOnly(Status.NOT_DONE);
    assertThat(outcome.trouble()).hasValue("create pods/exec in namespace spire: 403 forbidden");
  }

  @Test
  void nothingIsDeletedWhileWhatReplacesItIsNotMade() throws InterruptedException {
    Store store =
        new Store() {
          @Override
          Result create(Entry entry) {
            return new Result(3, "failed to convert entry");
          }
        };
    store.entries.put("old", present("old", "spire-doctor:mine/gone", "/gone", "k8s:sa:gone"));
    RegistrationOutcome outcome = apply(store, List.of(FIVE.getFirst()), true);
    assertThat(statuses(outcome)).containsExactly(Status.FAILED, Status.NOT_DONE);
    assertThat(outcome.steps().getLast().why()).isEqualTo("kept, since not all else is done");
    assertThat(store.entries).containsKey("old");
  }

  @Test
  void pruningDeletesAndReadsBack() throws InterruptedException {
    Store store = new Store();
    store.entries.put("old", present("old", "spire-doctor:mine/gone", "/gone", "k8s:sa:gone"));
    RegistrationOutcome outcome = apply(store, FIVE, true);
    assertThat(outcome.allDone()).isTrue();
    assertThat(store.entries).doesNotContainKey("old").hasSize(5);
  }

  /**
   * One that the plan finds stale, and somebody who does something to it just before the update.
   */
  private static Store withStale(Runnable[] somebody) {
    Store store =
        new Store() {
          @Override
          public List<Entry> entries(Set<String> ids) throws StoreException {
            somebody[0].run();
            return super.entries(ids);
          }
        };
    store.entries.put("old", present("old", "spire-doctor:mine/w1", "/w1", "k8s:sa:stale"));
    return store;
  }

  private RegistrationOutcome updateWhile(Function<Entry, Entry> change)
      throws InterruptedException {
    Runnable[] somebody = {() -> {}};
    Store store = withStale(somebody);
    somebody[0] =
        () -> {
          store.entries.computeIfPresent("old", (_, entry) -> change.apply(entry));
          somebody[0] = () -> {};
        };
    RegistrationOutcome outcome = apply(store, List.of(FIVE.getFirst()), false);
    assertThat(store.batches).isZero();
    assertThat(store.entries.get("old"))
        .isEqualTo(change.apply(present("old", "spire-doctor:mine/w1", "/w1", "k8s:sa:stale")));
    return outcome;
  }

  @Test
  void whatWasChangedMeanwhileInAnyFieldIsLeftAloneAndShown() throws InterruptedException {
    Entry.Settings admin = new Entry.Settings(true, 0, 0, List.of(), false, false);
    RegistrationOutcome outcome = updateWhile(entry -> with(entry, admin, 0));
    assertThat(statuses(outcome)).containsExactly(Status.CHANGED);
    assertThat(outcome.allDone()).isFalse();
    Step step = outcome.steps().getFirst();
    assertThat(step.meanwhile())
        .containsExactly(new FieldDifference("admin", List.of("false"), List.of("true")));
    assertThat(step.why())
        .isEqualTo(
            "changed meanwhile by somebody else, and left as it is: admin: false instead of true");
    for (Entry.Settings settings :
        List.of(
            new Entry.Settings(false, 60, 0, List.of(), false, false),
            new Entry.Settings(false, 0, 60, List.of(), false, false),
            new Entry.Settings(false, 0, 0, List.of("web"), false, false),
            new Entry.Settings(false, 0, 0, List.of(), true, false),
            new Entry.Settings(false, 0, 0, List.of(), false, true))) {
      assertThat(statuses(updateWhile(entry -> with(entry, settings, 0))))
          .as("%s", settings)
          .containsExactly(Status.CHANGED);
    }
    for (UnaryOperator<Entry> other :
        List.<UnaryOperator<Entry>>of(
            entry -> entry.named(entry.id(), "spire-doctor:team/w1"),
            entry -> entry.federatingWith(List.of("other.org")),
            entry -> entry.moved(entry.parentId(), Set.of(Selector.k8s("sa:other"))),
            // Something that only a newer server knows.
            entry -> with(entry, Entry.Settings.NONE, 1))) {
      assertThat(statuses(updateWhile(other))).containsExactly(Status.CHANGED);
    }
  }

  private static Entry with(Entry entry, Entry.Settings settings, long revision) {
    return new Entry(
        entry.id(),
        entry.spiffeId(),
        entry.parentId(),
        entry.selectors(),
        entry.expiresAt(),
        entry.createdAt(),
        entry.downstream(),
        entry.storeSvid(),
        entry.hint(),
        entry.federatesWith(),
        settings,
        revision);
  }

  @Test
  void somebodyElseDidTheSameMeanwhile() throws InterruptedException {
    RegistrationOutcome outcome =
        updateWhile(entry -> entry.moved(entry.parentId(), FIVE.getFirst().entry().selectors()));
    assertThat(outcome.allDone()).isTrue();
  }

  @Test
  void aSecondUpdateInTheSameMomentIsSaid() throws InterruptedException {
    Store store =
        new Store() {
          @Override
          void before(int batch, List<Entry> sent) {
            // As a server counts: theirs, and ours.
            sent.forEach(e -> entries.put(e.id(), with(e, Entry.Settings.NONE, e.revision() + 2)));
          }

          @Override
          public List<Result> update(List<EntryUpdate> batch) throws StoreException {
            before(++batches, batch.stream().map(EntryUpdate::meant).toList());
            return List.of(Result.OK);
          }
        };
    store.entries.put("old", present("old", "spire-doctor:mine/w1", "/w1", "k8s:sa:stale"));
    RegistrationOutcome outcome = apply(store, List.of(FIVE.getFirst()), false);
    assertThat(outcome.allDone()).isTrue();
    assertThat(outcome.steps().getFirst().why())
        .contains("somebody else has updated it at the same time (revision 2, expected 1)");
  }

  @Test
  void whatSomebodyTakesOverMeanwhileIsNotPruned() throws InterruptedException {
    Runnable[] somebody = {() -> {}};
    Store store = withStale(somebody);
    Entry theirs = present("old", "spire-doctor:team/w1", "/w1", "k8s:sa:stale");
    somebody[0] = () -> store.entries.put("old", theirs);
    RegistrationOutcome outcome = apply(store, List.of(), true);
    assertThat(statuses(outcome)).containsExactly(Status.CHANGED);
    assertThat(outcome.steps().getFirst().why()).contains("hint: spire-doctor:mine/w1 instead of");
    assertThat(store.entries).containsEntry("old", theirs);
  }

  @Test
  void whatBecameAParentMeanwhileIsNotPruned() throws InterruptedException {
    Store store =
        new Store() {
          @Override
          void before(int batch, List<Entry> sent) {
            if (batch == 1) {
              Entry child = present("child", "", "/child", "k8s:sa:child");
              String parent = "spiffe://example.org/gone";
              entries.put("child", child.moved(parent, child.selectors()).named("child", ""));
            }
          }
        };
    store.entries.put("old", present("old", "spire-doctor:mine/gone", "/gone", "k8s:sa:gone"));
    RegistrationOutcome outcome = apply(store, FIVE, true);
    assertThat(outcome.steps().getLast().status()).isEqualTo(Status.NOT_DONE);
    assertThat(outcome.steps().getLast().why()).contains("a parent that others need");
    assertThat(store.entries).containsKey("old");
  }

  @Test
  void readingAgainCostsOneCallForEachBatch() throws InterruptedException {
    Store store = new Store();
    List<Declared> declared = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      declared.add(declared("/w" + i, "k8s:ns:apps", "k8s:sa:w" + i));
      store.entries.put(
          "e" + i,
          present("e" + i, "spire-doctor:mine/w" + i, "/w" + i, "k8s:ns:apps", "k8s:sa:old"));
    }
    assertThat(apply(store, declared, false).allDone()).isTrue();
    assertThat(store.batches).isEqualTo(5);
    assertThat(store.reads).isEqualTo(5);
  }

  @Test
  void whatCannotBeReadAgainIsNotSent() throws InterruptedException {
    Store store =
        new Store() {
          @Override
          public List<Entry> entries(Set<String> ids) throws StoreException {
            throw broken();
          }
        };
    store.entries.put("old", present("old", "spire-doctor:mine/w1", "/w1", "k8s:sa:stale"));
    RegistrationOutcome outcome = apply(store, List.of(FIVE.getFirst()), false);
    assertThat(statuses(outcome)).containsExactly(Status.NOT_DONE);
    assertThat(outcome.trouble()).hasValue("create entries: connection reset");
    assertThat(store.batches).isZero();
  }
}
