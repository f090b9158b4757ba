package org.spiredoctor.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Between two examinations, until the next is due or nobody wants it any more. */
final class Pause {
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean going;

  /** Waits; whether there shall be no other examination. */
  boolean isEndedWithin(Duration most) throws InterruptedException {
    going = true;
    try {
      var _ = ended.await(most.toMillis(), TimeUnit.MILLISECONDS);
      // Whoever ended it when the time was just over was promised a report.
      return isEnded();
    } finally {
      going = isEnded();
    }
  }

  /**
   * Ends it, and all that would follow.
   *
   * @return whether one is going on, so that there is a report to tell
   */
  boolean end() {
    ended.countDown();
    return going;
  }

  /** Whether it was ended. */
  boolean isEnded() {
    return ended.getCount() == 0;
  }
}
