package org.spiredoctor.evidence.cluster;

import java.util.Optional;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Container.State.Phase;

/**
 * What a container logged since its last start. What it logged before that start is left out once
 * the new run shows how it goes: an old failure says nothing about the present one.
 */
final class LatestLog {
  private LatestLog() {}

  /**
   * The lines that count.
   *
   * @param before what it logged before its last start
   * @param now what it logged since
   */
  static Log of(Log before, Log now, Optional<Container> container) {
    return before.lines().isEmpty() || shows(now, container) ? now : before.then(now);
  }

  /** A run that neither works nor complains yet shows nothing. */
  private static boolean shows(Log now, Optional<Container> container) {
    boolean settled =
        container
            .flatMap(Container::status)
            .filter(s -> s.ready() || s.state().phase() == Phase.TERMINATED)
            .isPresent();
    return (settled && !now.lines().isEmpty())
        || now.saysStarted()
        || now.lines().stream().anyMatch(Log.Line::complains);
  }
}
