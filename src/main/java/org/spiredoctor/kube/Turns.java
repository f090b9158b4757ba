package org.spiredoctor.kube;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.spiredoctor.kube.KubeException.Reason;

/** Lets only so many requests be answered at a time, however much there is to ask. */
final class Turns {
  private static final int AT_ONCE = 8;

  /** Others end before, well or not. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Semaphore free = new Semaphore(AT_ONCE, true);

  /** A request. */
  interface Request {
    InputStream send() throws KubeException;
  }

  /**
   * Sends one when it is its turn.
   *
   * @return its answer; the turn ends when that is closed
   */
  InputStream take(String asked, Request request) throws KubeException {
    try {
      if (!free.tryAcquire(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new KubeException(
            Reason.TIMED_OUT, asked, "other requests were not answered for too long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubeException(Reason.TIMED_OUT, asked, "interrupted");
    }
    AtomicBoolean over = new AtomicBoolean();
    InputStream answer = null;
    try {
      answer = request.send();
    } finally {
      if (answer == null) {
        free.release();
      }
    }
    return new FilterInputStream(answer) {
      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return in.read(into, offset, length);
      }

      @Override
      public void close() throws IOException {
        if (over.compareAndSet(false, true)) {
          free.release();
        }
        super.close();
      }
    };
  }
}
