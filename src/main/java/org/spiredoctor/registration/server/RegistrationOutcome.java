package org.spiredoctor.registration.server;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.spiredoctor.registration.Change;
import org.spiredoctor.registration.FieldDifference;
import org.spiredoctor.registration.Plan;

/**
 * What came of a plan.
 *
 * @param steps one for each change, in the plan's order
 * @param trouble what ended it early; absent when it was gone through
 */
public record RegistrationOutcome(List<Step> steps, Optional<String> trouble) {

  /** How far a change came. */
  public enum Status {
    /** It is only planned. */
    PLANNED,
    /** It is as it should be, as the server answered or as was read back. */
    DONE,
    /** Somebody else has changed the entry since the plan was made, so it was left as it is. */
    CHANGED,
    /** It belongs to somebody else, so it was left as it is. */
    CONFLICT,
    /** The server would not, or did not keep it. */
    FAILED,
    /** It was not come to. */
    NOT_DONE,
    /** It was sent, and what came of it could not be read back. */
    UNKNOWN
  }

  /**
   * What came of a change.
   *
   * @param change with the id of the entry, where that is known
   * @param why it was not done, or what else was found; untrusted
   * @param meanwhile what somebody else has changed since the plan was made
   */
  public record Step(Change change, Status status, String why, List<FieldDifference> meanwhile) {
    /** One that nobody else was in the way of. */
    public Step(Change change, Status status, String why) {
      this(change, status, why, List.of());
    }

    /** One that nothing is done about. */
    static Step unchanged(Change change) {
      return change.action() == Change.Action.CONFLICT
          ? new Step(change, Status.CONFLICT, String.join("; ", change.notes()))
          : new Step(change, Status.DONE, "");
    }

    /** One that was left alone for what somebody else has changed. */
    static Step changed(Change change, List<FieldDifference> meanwhile) {
      return new Step(
          change,
          Status.CHANGED,
          "changed meanwhile by somebody else, and left as it is"
              + (meanwhile.isEmpty() ? "" : ": ")
              + meanwhile.stream().map(FieldDifference::inWords).collect(Collectors.joining(", ")),
          meanwhile);
    }
  }

  private static RegistrationOutcome of(Plan plan, Status status, Optional<String> trouble) {
    return new RegistrationOutcome(
        plan.changes().stream()
            .map(c -> c.changes() ? new Step(c, status, "") : Step.unchanged(c))
            .toList(),
        trouble);
  }

  /** Of a plan that is only shown. */
  public static RegistrationOutcome planned(Plan plan) {
    return of(plan, Status.PLANNED, Optional.empty());
  }

  /** Of a plan in which there is nothing to do. */
  public static RegistrationOutcome asItIs(Plan plan) {
    return of(plan, Status.DONE, Optional.empty());
  }

  /** Of one that could not be begun. */
  public static RegistrationOutcome none(Plan plan, String trouble) {
    return of(plan, Status.NOT_DONE, Optional.of(trouble));
  }

  /** The same with a trouble that came after it. */
  public RegistrationOutcome but(String after) {
    return new RegistrationOutcome(steps, Optional.of(after));
  }

  /** How many came so far. */
  public long count(Status status) {
    return steps.stream().filter(step -> step.status() == status).count();
  }

  /** Whether all is as declared. */
  public boolean allDone() {
    return trouble.isEmpty() && steps.stream().allMatch(step -> step.status() == Status.DONE);
  }
}
