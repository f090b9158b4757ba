package org.spiredoctor.cli;

import java.time.Duration;
import org.spiredoctor.diagnosis.Report;

/**
 * Examines once, or again and again, until all is well or time is over.
 *
 * @param limit nothing for once
 * @param pause between two examinations
 */
record Patience(Duration limit, Pause pause, Terminal terminal) {
  private static final Duration AGAIN = Duration.ofSeconds(2);

  /** Something that can be done again. */
  interface Examination {
    Report report() throws UsageException, InterruptedException;
  }

  /** Examines until all is healthy, the time is over, or nobody wants to wait any longer. */
  Report untilHealthy(Examination examination) throws UsageException, InterruptedException {
    long began = System.nanoTime();
    while (true) {
      Report report = examination.report();
      Duration waited = Duration.ofNanos(System.nanoTime() - began);
      if (report.verdict() == Report.Verdict.HEALTHY
          || waited.compareTo(limit) >= 0
          || pause.isEnded()) {
        return report;
      }
      String first =
          report.causes().findFirst().map(f -> f.id()).orElse("not everything could be told");
      terminal.say(
          "Not healthy yet: "
              + first
              + " (waited "
              + waited.toSeconds()
              + "s of "
              + limit.toSeconds()
              + "s)");
      if (pause.isEndedWithin(AGAIN)) {
        return report;
      }
    }
  }
}
