package org.spiredoctor.program;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition rather than for a time. */
public final class Until {
  private Until() {}

  /** Fails when it does not come true in time. */
  public static void holds(BooleanSupplier condition, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not true within " + limit);
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }
}
