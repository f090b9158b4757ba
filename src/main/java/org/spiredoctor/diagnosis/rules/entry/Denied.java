package org.spiredoctor.diagnosis.rules.entry;

import java.time.Duration;
import java.util.List;
import org.spiredoctor.evidence.Attempt;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.Ending;

/** How long an identity was denied before it was served. */
final class Denied {

  /**
   * The agent asks the server every 5 s, and the server's cache is renewed as often; beyond this
   * something held it up.
   */
  static final Duration SYNC_TAKES_AT_MOST = Duration.ofSeconds(30);

  private Denied() {}

  /** Zero when nothing was denied, or nothing was served after it. */
  static Duration before(Evidence evidence) {
    List<Attempt> calls = evidence.x509Calls().toList();
    if (calls.isEmpty() || calls.getLast().answer().isEmpty()) {
      return Duration.ZERO;
    }
    return calls.stream()
        .filter(call -> call.ending().filter(e -> e.kind() == Ending.Kind.NO_IDENTITY).isPresent())
        .findFirst()
        .map(first -> calls.getLast().began().minus(first.began()))
        .orElse(Duration.ZERO);
  }
}
