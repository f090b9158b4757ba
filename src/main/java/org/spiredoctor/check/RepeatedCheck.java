package org.spiredoctor.check;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.diagnosis.Report;

/**
 * Examines once, or again and again, until all is well, time is over, or nobody wants to wait any
 * longer: then the last report is the one that counts.
 */
public final class RepeatedCheck {
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final Duration limit;
  private final Terminal terminal;
  private boolean ended;

  /** Whether a report is there to be told. */
  private boolean known;

  /** Who is at work on the next report, while one is there. */
  private @Nullable Thread examiner;

  /** Something that can be done again. */
  public interface Examination {
    Report report() throws UsageException, InterruptedException;
  }

  /**
   * Begins with {@link #untilHealthy}.
   *
   * @param limit nothing for once
   */
  public RepeatedCheck(Duration limit, Terminal terminal) {
    this.limit = limit;
    this.terminal = terminal;
  }

  /** Examines until all is healthy, the time is over, or it is ended. */
  public Report untilHealthy(Examination examination) throws UsageException, InterruptedException {
    long began = System.nanoTime();
    Report report = examination.report();
    know();
    while (report.verdict() != Report.Verdict.HEALTHY) {
      Duration waited = Duration.ofNanos(System.nanoTime() - began);
      if (waited.compareTo(limit) >= 0 || isEnded()) {
        break;
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
      if (!mayExamineAgain()) {
        break;
      }
      report = again(examination, report);
    }
    return report;
  }

  private Report again(Examination examination, Report last)
      throws UsageException, InterruptedException {
    try {
      return examination.report();
    } catch (InterruptedException e) {
      if (isEnded()) {
        return last;
      }
      throw e;
    } finally {
      know();
    }
  }

  /** Waits a while; whether there shall be another examination. */
  private synchronized boolean mayExamineAgain() throws InterruptedException {
    long until = System.nanoTime() + AGAIN.toNanos();
    for (long left = AGAIN.toMillis(); left > 0 && !ended; ) {
      wait(left);
      left = Duration.ofNanos(until - System.nanoTime()).toMillis();
    }
    if (!ended) {
      examiner = Thread.currentThread();
    }
    return !ended;
  }

  /** A report is there, and is told unless something else comes. */
  public synchronized void know() {
    known = true;
    examiner = null;
    // What was meant for the examination must not keep its report from being told.
    var _ = Thread.interrupted();
  }

  /** From now on somebody is asked: there is nothing to tell before the answer. */
  public synchronized void ask() {
    known = false;
  }

  /**
   * Ends it, and all that would follow.
   *
   * @param stopping whether an examination that is under way ends by itself now, with what is known
   * @return whether there is a report to tell
   */
  public synchronized boolean end(boolean stopping) {
    ended = true;
    notifyAll();
    if (examiner != null && !stopping) {
      examiner.interrupt();
    }
    return known;
  }

  /** Whether it was ended. */
  public synchronized boolean isEnded() {
    return ended;
  }
}
