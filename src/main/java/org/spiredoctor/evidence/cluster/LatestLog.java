package org.spiredoctor.evidence.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Container.State;
import org.spiredoctor.kube.Container.State.Phase;

/**
 * What a container logged since its last start. What it logged before that start is left out once
 * the new run shows how it goes: an old failure says nothing about the present one.
 */
final class LatestLog {
  /** What crashes again and again has crashed by then. */
  private static final Duration SETTLED = Duration.ofMinutes(1);

  private LatestLog() {}

  /**
   * The lines that count.
   *
   * @param before what it logged before its last start
   * @param since what it logged since
   * @param now when it was looked at
   */
  static Log of(Log before, Log since, Optional<Container> container, Instant now) {
    boolean settled = container.filter(one -> isSettled(one, now)).isPresent();
    return before.lines().isEmpty() || shows(since, settled) ? since : before.then(since);
  }

  /** A run that neither works nor complains yet shows nothing. */
  private static boolean shows(Log since, boolean settled) {
    return (settled && !since.lines().isEmpty())
        || since.saysStarted()
        || since.lines().stream().anyMatch(Log.Line::complains);
  }

  /** Without a probe a container is ready as soon as it runs. */
  private static boolean isSettled(Container container, Instant now) {
    Container.Status status = container.status().orElse(null);
    return status != null
        && (status.state().phase() == Phase.TERMINATED
            || (status.ready()
                && (!container.firstAsked().isZero() || isOld(status.state(), now))));
  }

  private static boolean isOld(State state, Instant now) {
    return state.started().filter(at -> at.plus(SETTLED).isBefore(now)).isPresent();
  }
}
