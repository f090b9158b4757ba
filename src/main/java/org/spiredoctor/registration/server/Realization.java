package org.spiredoctor.registration.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.registration.Change;
import org.spiredoctor.registration.Change.Action;
import org.spiredoctor.registration.FieldDifference;
import org.spiredoctor.registration.server.RegistrationOutcome.Status;
import org.spiredoctor.registration.server.RegistrationOutcome.Step;

/** Waits until a spire-controller-manager has made the entries that objects declare. */
public final class Realization {
  /** So often in vain: it looks at everything every ten seconds, and at what changed at once. */
  private static final int LOOKS = 15;

  private final EntryStore server;
  private final Registrar.Pause pause;
  private final Consumer<String> progress;

  /**
   * At a server.
   *
   * @param server its own entries, which are only read
   */
  public Realization(EntryStore server, Registrar.Pause pause, Consumer<String> progress) {
    this.server = server;
    this.pause = pause;
    this.progress = progress;
  }

  /** The same outcome, with the ids of the entries, and without what was not made in time. */
  public RegistrationOutcome await(RegistrationOutcome declared) throws InterruptedException {
    progress.accept("Waiting for spire-controller-manager to make the entries...");
    long made = declared.count(Status.DONE);
    long best = 0;
    for (int inVain = 0; ; inVain++) {
      RegistrationOutcome outcome;
      try {
        outcome = against(server.entries(), declared);
      } catch (StoreException e) {
        return declared.but(
            "the objects are made; whether their entries are is not known: "
                + e.asked()
                + ": "
                + e.answer());
      }
      long there = outcome.count(Status.DONE);
      if (there == made || inVain == LOOKS) {
        return outcome;
      }
      if (there > best) {
        best = there;
        inVain = 0;
        progress.accept("spire-controller-manager has made " + there + " of " + made + " entries");
      }
      pause.await();
    }
  }

  private static RegistrationOutcome against(List<Entry> entries, RegistrationOutcome declared) {
    Map<Entry.Key, Entry> there =
        entries.stream().collect(Collectors.toMap(Entry::key, Function.identity(), (a, _) -> a));
    List<Step> steps = new ArrayList<>();
    for (Step step : declared.steps()) {
      Change change = step.change();
      Entry made = there.get(change.entry().key());
      boolean gone = change.action() == Action.DELETE;
      if (step.status() != Status.DONE) {
        steps.add(step);
      } else if (gone ? made == null : isAsDeclared(made, change.entry())) {
        steps.add(made == null ? step : new Step(change.withId(made.id()), Status.DONE, ""));
      } else {
        steps.add(new Step(change, Status.FAILED, late(change, made == null)));
      }
    }
    return new RegistrationOutcome(List.copyOf(steps), declared.trouble());
  }

  private static boolean isAsDeclared(@Nullable Entry made, Entry declared) {
    return made != null && FieldDifference.between(made, declared).isEmpty();
  }

  private static String late(Change change, boolean none) {
    String name = "ClusterStaticEntry " + change.entry().id();
    String state =
        change.action() == Action.DELETE
            ? name + " is gone, and spire-controller-manager has left its entry"
            : name
                + " is there, and spire-controller-manager has "
                + (none ? "not made its entry" : "left its entry as it was");
    return state + ": 'kubectl describe clusterstaticentry' and its log tell why";
  }
}
