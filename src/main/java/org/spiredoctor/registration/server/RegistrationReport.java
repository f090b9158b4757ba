package org.spiredoctor.registration.server;

import java.util.List;
import java.util.Optional;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.registration.Problem;

/**
 * What registering came to.
 *
 * @param trustDomain of the server
 * @param server which it is and how it was asked, in words
 * @param agents how many are attested
 * @param steps the changes, in their order; none when it was refused
 * @param leftOver entries that were made before, are declared no longer, and stay
 * @param problems why it was refused, or what is doubtful about what was forced
 * @param trouble what ended it early
 * @param commands to do it by hand, where no server was reached
 */
public record RegistrationReport(
    Verdict verdict,
    String trustDomain,
    String server,
    int agents,
    List<RegistrationOutcome.Step> steps,
    List<Entry> leftOver,
    List<Problem> problems,
    Optional<String> trouble,
    List<String> commands) {

  /** How it ended. */
  public enum Verdict {
    /** Nothing was done, as asked. */
    PLANNED,
    /** All is as declared. */
    DONE,
    /** Something is not. */
    FAILED,
    /** Nothing was done, since it could not become true. */
    REFUSED
  }

  /** Whether anything was to be changed. */
  public boolean changes() {
    return steps.stream().anyMatch(step -> step.change().changes());
  }
}
