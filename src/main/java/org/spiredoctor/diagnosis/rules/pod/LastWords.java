package org.spiredoctor.diagnosis.rules.pod;

import java.util.List;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** What a container that ended said last. */
final class LastWords {
  /** Enough to see why, and not a log of its own. */
  private static final int LINES = 3;

  private LastWords() {}

  /** Quotes its termination message and the end of its log. */
  static void quote(
      ClusterCase cluster,
      Pod pod,
      Container container,
      Container.State end,
      Finding.Builder finding) {
    if (!end.message().isBlank()) {
      finding.seen("termination message", end.message().strip());
    }
    List<Log.Line> lines = cluster.evidence().log(pod, container.name()).lines();
    lines
        .subList(Math.max(0, lines.size() - LINES), lines.size())
        .forEach(line -> finding.seen("log of " + container.name(), line.text()));
  }
}
