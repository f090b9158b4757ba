package org.spiredoctor.check;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.evidence.Gathering;
import org.spiredoctor.evidence.PodQuery;
import org.spiredoctor.pod.PodInspector;
import org.spiredoctor.report.EvidenceText;

/** {@code check} from inside of a pod: of what this process sees. */
public final class PodCheck {
  private final PodInspector inspector;
  private final Duration timeout;
  private final Terminal terminal;

  /**
   * Examines nothing yet.
   *
   * @param timeout of one call
   */
  public PodCheck(PodInspector inspector, Duration timeout, Terminal terminal) {
    this.inspector = inspector;
    this.timeout = timeout;
    this.terminal = terminal;
  }

  /**
   * Looks, asks, and examines.
   *
   * @param verbose whether what was seen is printed
   */
  public Report run(PodQuery query, List<Rule> rules, boolean verbose) throws InterruptedException {
    long began = System.nanoTime();
    Evidence evidence =
        new Gathering(inspector, Clock.systemUTC(), timeout, terminal::say).gather(query);
    if (verbose) {
      terminal.out().print(EvidenceText.render(evidence, terminal.style()));
    }
    return Diagnosis.examine(evidence, rules).after(Duration.ofNanos(System.nanoTime() - began));
  }
}
