package org.spiredoctor.registration.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.registration.Change;
import org.spiredoctor.registration.Change.Action;
import org.spiredoctor.registration.FieldDifference;
import org.spiredoctor.registration.Plan;
import org.spiredoctor.registration.Planner;
import org.spiredoctor.registration.server.EntryStore.Result;
import org.spiredoctor.registration.server.RegistrationOutcome.Status;
import org.spiredoctor.registration.server.RegistrationOutcome.Step;

/**
 * Makes a plan true, batch by batch, and compares what became of it: what counts is what the server
 * has in the end, whoever made it. A new entry that the server answers as it is declared is there;
 * all else is read back. What somebody else was quicker with is planned again.
 */
public final class Registrar {
  /** Whoever races us that often is not going to stop. */
  private static final int ROUNDS = 3;

  private static final int READS = 5;

  private final EntryStore store;
  private final GuardedWrites guarded;
  private final Planner planner;
  private final Pause pause;
  private final Consumer<String> progress;

  /** Waits a while. */
  public interface Pause {
    /** About two seconds. */
    void await() throws InterruptedException;
  }

  /**
   * On a store.
   *
   * @param pause between attempts to read back from a server that does not answer
   * @param progress is told what is being done
   */
  public Registrar(EntryStore store, Planner planner, Pause pause, Consumer<String> progress) {
    this.store = store;
    this.guarded = new GuardedWrites(store);
    this.planner = planner;
    this.pause = pause;
    this.progress = progress;
  }

  /**
   * Goes through a plan: deletes only once all else is done.
   *
   * @param present the entries that it was planned against
   */
  public RegistrationOutcome apply(Plan plan, List<Entry> present) throws InterruptedException {
    Run run = new Run(present);
    run.make(plan.changes(), List.of(Action.CREATE, Action.UPDATE));
    RegistrationOutcome outcome = settled(run, plan);
    if (plan.count(Action.DELETE) > 0 && onlyDeletionsAreOpen(outcome)) {
      run.make(run.stillToDelete(plan), List.of(Action.DELETE));
      outcome = settled(run, plan);
    }
    return outcome;
  }

  private static boolean onlyDeletionsAreOpen(RegistrationOutcome outcome) {
    return outcome.trouble().isEmpty()
        && outcome.steps().stream()
            .allMatch(
                step -> step.status() == Status.DONE || step.change().action() == Action.DELETE);
  }

  private RegistrationOutcome settled(Run run, Plan plan) throws InterruptedException {
    for (int round = 1; ; round++) {
      // Where an answer is not as declared, what the server has may be: SPIRE answers DNS names in
      // another order than it keeps them in.
      Optional<List<Entry>> told =
          run.changes.told(plan, run.present).filter(all -> planner.against(all).isDone());
      Optional<List<Entry>> there = told.isPresent() ? told : readBack();
      if (there.isEmpty()) {
        return new RegistrationOutcome(
            plan.changes().stream().map(run::unread).toList(), Optional.of(run.trouble()));
      }
      Plan now = planner.against(there.get());
      run.latest = now;
      List<Change> raced = run.raced(plan, now);
      if (raced.isEmpty() || round == ROUNDS) {
        return run.outcome(plan, now, there.get());
      }
      run.make(raced, List.of(Action.CREATE, Action.UPDATE));
    }
  }

  private Optional<List<Entry>> readBack() throws InterruptedException {
    progress.accept("Reading back...");
    for (int i = 1; ; i++) {
      try {
        return Optional.of(store.entries());
      } catch (StoreException e) {
        if (e.refused() || i == READS) {
          return Optional.empty();
        }
        progress.accept("Reading back: " + e.answer());
        pause.await();
      }
    }
  }

  private final class Run implements Batches.Sender {
    private final List<Entry> present;
    private final SentChanges changes = new SentChanges();
    private Plan latest = new Plan(List.of(), List.of());

    Run(List<Entry> present) {
      this.present = present;
    }

    /** What would be deleted by what is there now, too: a parent may be needed meanwhile. */
    List<Change> stillToDelete(Plan plan) {
      Set<String> ids =
          latest.of(Action.DELETE).map(c -> c.entry().id()).collect(Collectors.toSet());
      return plan.of(Action.DELETE).filter(c -> ids.contains(c.entry().id())).toList();
    }

    void make(List<Change> all, List<Action> actions) throws InterruptedException {
      for (Action action : actions) {
        List<Change> some = all.stream().filter(c -> c.action() == action).toList();
        if (changes.trouble().isEmpty()) {
          int atOnce = action == Action.CREATE ? store.batchesAtOnce() : 1;
          new Batches(store.batch(), atOnce)
              .send(some, this, done -> progress.accept(said(action, done, some.size())));
        }
      }
    }

    @Override
    public List<Result> send(List<Change> batch) throws StoreException {
      return send(batch.getFirst().action(), batch);
    }

    @Override
    public void begun(List<Change> batch) {
      changes.begun(batch);
    }

    @Override
    public void answered(List<Change> batch, List<Result> said) {
      changes.answered(batch, said);
    }

    @Override
    public void failed(List<Change> batch, StoreException why) {
      changes.failed(batch, why);
    }

    private List<Result> send(Action action, List<Change> batch) throws StoreException {
      return switch (action) {
        case CREATE -> store.create(batch.stream().map(Change::entry).toList());
        case UPDATE -> guarded.update(batch.stream().map(Change::update).toList());
        case DELETE -> guarded.delete(batch.stream().map(Change::entry).toList());
        case NONE, CONFLICT -> List.of();
      };
    }

    private static String said(Action action, int done, int of) {
      String verb =
          switch (action) {
            case CREATE -> "Creating";
            case UPDATE -> "Updating";
            default -> "Deleting";
          };
      return verb + " entries: " + done + " of " + of + " done";
    }

    String trouble() {
      return changes
          .trouble()
          .map(e -> e.asked() + ": " + e.answer())
          .orElse("what was made could not be read back");
    }

    /** When nothing could be read back: as the server's answers have it. */
    Step unread(Change change) {
      Result result = changes.of(change);
      if (!change.changes()) {
        return Step.unchanged(change);
      }
      if (result != null && result.code() == 0) {
        return new Step(change, Status.UNKNOWN, "the server said that it is made; not read back");
      }
      if (result != null) {
        return failed(change, result);
      }
      return changes.sent(change)
          ? new Step(change, Status.UNKNOWN, "sent, and not answered")
          : new Step(change, Status.NOT_DONE, "");
    }

    /** What somebody else made, changed or deleted meanwhile, planned again. */
    List<Change> raced(Plan plan, Plan now) {
      List<Change> raced = new ArrayList<>();
      for (int i = 0; i < planner.declared().size() && changes.trouble().isEmpty(); i++) {
        Result result = changes.of(plan.changes().get(i));
        boolean other =
            result != null
                && (result.code() == EntryStore.ALREADY_EXISTS
                    || result.code() == EntryStore.NOT_FOUND);
        if (other && now.changes().get(i).changes()) {
          raced.add(now.changes().get(i));
        }
      }
      return raced;
    }

    RegistrationOutcome outcome(Plan plan, Plan now, List<Entry> there) {
      Map<String, Entry> byId =
          there.stream().collect(Collectors.toMap(Entry::id, e -> e, (one, _) -> one));
      List<Step> steps = new ArrayList<>();
      for (int i = 0; i < plan.changes().size(); i++) {
        Change change = plan.changes().get(i);
        if (change.action() == Action.DELETE) {
          Entry left = byId.get(change.entry().id());
          steps.add(left == null ? new Step(change, Status.DONE, "") : kept(change, left));
        } else {
          // What is declared comes first in every plan, in its order.
          steps.add(step(change, now.changes().get(i)));
        }
      }
      boolean all = steps.stream().allMatch(step -> step.status() == Status.DONE);
      return new RegistrationOutcome(
          List.copyOf(steps), all ? Optional.empty() : changes.trouble().map(_ -> trouble()));
    }

    private Step kept(Change change, Entry left) {
      if (changes.of(change) != null || changes.trouble().isPresent()) {
        return open(change, "it is still there");
      }
      List<FieldDifference> meanwhile = FieldDifference.ofAll(change.entry(), left);
      if (!meanwhile.isEmpty()) {
        return Step.changed(change, meanwhile);
      }
      boolean needed =
          latest.of(Action.DELETE).noneMatch(c -> c.entry().id().equals(change.entry().id()));
      return new Step(
          change,
          Status.NOT_DONE,
          needed
              ? "kept, since by now it is declared, or a parent that others need"
              : "kept, since not all else is done");
    }

    private Step step(Change planned, Change now) {
      if (now.action() == Action.CONFLICT) {
        return Step.unchanged(now);
      }
      if (!now.changes()) {
        return new Step(planned.withId(now.entry().id()), Status.DONE, overwritten(planned, now));
      }
      Step open =
          open(
              planned,
              now.action() == Action.CREATE
                  ? "it was made and is gone again: somebody deletes it"
                  : "the server keeps it otherwise: "
                      + now.differences().stream()
                          .map(FieldDifference::inWords)
                          .collect(Collectors.joining(", ")));
      // An entry is there all the same, and whoever wants it gone needs its id.
      return now.seen()
          .map(Entry::id)
          .map(
              id -> new Step(open.change().withId(id), open.status(), open.why(), open.meanwhile()))
          .orElse(open);
    }

    /** Between the last look and the update somebody else may have written, too. */
    private String overwritten(Change planned, Change now) {
      Result result = changes.of(planned);
      if (planned.action() != Action.UPDATE || result == null || result.code() != 0) {
        return "";
      }
      long expected = planned.seen().map(Entry::revision).orElse(0L) + 1;
      long found = now.seen().map(Entry::revision).orElse(0L);
      return found > expected
          ? "it is as declared, but somebody else has updated it at the same time (revision "
              + found
              + ", expected "
              + expected
              + "), and what they changed may be lost: look at it"
          : "";
    }

    private Step open(Change change, String otherwise) {
      Result result = changes.of(change);
      if (result == null && changes.trouble().isPresent()) {
        return new Step(change, Status.NOT_DONE, "");
      }
      return result == null || result.code() == 0
          ? new Step(change, Status.FAILED, otherwise)
          : failed(change, result);
    }

    private static Step failed(Change change, Result result) {
      return result.code() == EntryStore.ABORTED
          ? Step.changed(change, result.meanwhile())
          : new Step(change, Status.FAILED, result.message());
    }
  }
}
