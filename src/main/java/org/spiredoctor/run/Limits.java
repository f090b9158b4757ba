package org.spiredoctor.run;

import java.time.Duration;

/**
 * How long each stage may take.
 *
 * @param start until the pod has a node, its volumes and its images
 * @param socket until the Workload API serves
 * @param copy until the test binary is in the pod
 * @param tests until the tests have ended
 */
public record Limits(Duration start, Duration socket, Duration copy, Duration tests) {
  /** For what lies between the stages, and for a node whose clock differs. */
  private static final Duration MARGIN = Duration.ofSeconds(60);

  /** Then a pod that nobody removes has ended by itself. */
  public Duration all() {
    // Each of the three containers may have an image to wait for, and the pod its node.
    return start.multipliedBy(4).plus(socket).plus(copy.multipliedBy(2)).plus(tests).plus(MARGIN);
  }
}
