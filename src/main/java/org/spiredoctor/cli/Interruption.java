package org.spiredoctor.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.spiredoctor.pod.ShutdownHook;

/**
 * Lets a command tell what it knows when it is interrupted (Ctrl-C, or SIGTERM): the process ends
 * when that is told, or soon after.
 */
final class Interruption implements AutoCloseable {
  private final CountDownLatch told = new CountDownLatch(1);
  private final ShutdownHook hook;

  /**
   * From now on.
   *
   * @param stop is called at an interruption; whether there is something to tell then
   * @param most how long that can take: what hangs must not keep the process from ending
   */
  Interruption(BooleanSupplier stop, Duration most) {
    this.hook =
        ShutdownHook.of(
            () -> {
              if (stop.getAsBoolean()) {
                await(most);
              }
            });
  }

  private void await(Duration most) {
    try {
      var _ = told.await(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // Whoever interrupts this does not want to hear it.
    }
  }

  /** It is told. */
  @Override
  public void close() {
    told.countDown();
    hook.close();
  }
}
