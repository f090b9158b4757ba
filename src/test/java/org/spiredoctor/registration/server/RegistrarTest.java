package org.spiredoctor.registration.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.registration.Given.declared;
import static org.spiredoctor.registration.Given.present;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.registration.Declared;
import org.spiredoctor.registration.server.RegistrationOutcome.Status;
import org.spiredoctor.registration.server.RegistrationOutcome.Step;

/** What comes of a plan when the server does not play along. */
class RegistrarTest extends RegistrarTestSupport {
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
