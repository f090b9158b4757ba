package org.spiredoctor.registration.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.registration.Given.present;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.registration.FieldDifference;
import org.spiredoctor.registration.server.RegistrationOutcome.Status;
import org.spiredoctor.registration.server.RegistrationOutcome.Step;

/** What comes of a plan when somebody else changes entries at the same time. */
class RegistrarMeanwhileTest extends RegistrarTestSupport {
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
}
