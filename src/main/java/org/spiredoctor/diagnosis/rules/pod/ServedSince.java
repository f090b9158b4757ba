package org.spiredoctor.diagnosis.rules.pod;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.kube.Pod;

/** Whether a pod's entry or its agent came after a complaint, which then tells nothing of now. */
final class ServedSince {
  /** A new entry or a new agent serves within this time. */
  private static final Duration SETTLED_AFTER = Duration.ofSeconds(30);

  private ServedSince() {}

  /** Whether what serves the pod is newer than the complaint. */
  static boolean isOver(ClusterCase cluster, Pod pod, Optional<Instant> at, boolean denied) {
    return at.filter(
            then ->
                cluster.agentStarted(pod).filter(start -> isBefore(then, start)).isPresent()
                    || (denied
                        && cluster.actual(pod).map(PodEntryMatch::entryMatch).stream()
                            .flatMap(entryMatch -> entryMatch.entries().stream())
                            .flatMap(entry -> entry.createdAt().stream())
                            .anyMatch(created -> isBefore(then, created))))
        .isPresent();
  }

  private static boolean isBefore(Instant complaint, Instant serves) {
    return complaint.isBefore(serves.plus(SETTLED_AFTER));
  }
}
