package org.spiredoctor.wait;

import java.time.Duration;
import org.spiredoctor.spire.Ending;

/** How long to leave the agent alone after a call has ended. */
final class Backoff {

  /** After the first refusal: an agent that is just starting listens a moment later. */
  static final Duration SHORTEST = Duration.ofMillis(10);

  /** A refused connection costs the agent nothing, so this may stay short. */
  private static final Duration LONGEST_REFUSED = Duration.ofMillis(250);

  /** For calls that the agent took up: it attests the caller each time, and may limit the rate. */
  private static final Duration CALL_AGAIN = Duration.ofSeconds(2);

  private Backoff() {}

  /**
   * The pause after the next failure.
   *
   * @param last the pause before
   */
  static Duration next(Duration last, Ending.Kind kind) {
    return switch (kind) {
      case REFUSED, ABSENT, DENIED -> cap(last.multipliedBy(2), LONGEST_REFUSED);
      case UNREACHABLE, SILENT, HUNG_UP, NOT_GRPC, BROKEN_OFF ->
          cap(last.multipliedBy(2), CALL_AGAIN);
      case NO_IDENTITY,
          ATTESTATION_FAILED,
          PENDING,
          HEADER_MISSING,
          CALLER_CHANGED,
          DUPLICATE_CONTAINER,
          TOO_LARGE,
          UNIMPLEMENTED,
          OTHER ->
          CALL_AGAIN;
      case RATE_LIMITED -> CALL_AGAIN.multipliedBy(2);
    };
  }

  private static Duration cap(Duration pause, Duration most) {
    return pause.compareTo(most) < 0 ? pause : most;
  }
}
