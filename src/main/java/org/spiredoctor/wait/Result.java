package org.spiredoctor.wait;

import java.time.Duration;
import java.util.List;
import org.spiredoctor.evidence.Attempt;

/**
 * How the waiting ended.
 *
 * @param end why
 * @param after how long it took
 * @param socketSeen whether there ever was a socket
 * @param attempts the calls made
 */
public record Result(End end, Duration after, boolean socketSeen, List<Attempt> attempts) {

  /** Why the waiting ended. */
  public enum End {
    READY,
    TIMED_OUT,
    /** Waiting cannot mend it. */
    HOPELESS,
    /** Told to stop by a signal. */
    STOPPED
  }
}
