package org.spiredoctor.run;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.spiredoctor.kube.KubeException;

/**
 * Rings when the test pod has changed, so that it is looked at then and seldom otherwise. What the
 * API server tells of the change is not used: a look says more, and whoever lacks the permission to
 * watch pods looks more often.
 */
final class PodBell implements AutoCloseable {
  private static final Duration AGAIN = Duration.ofSeconds(2);
  private static final int BUFFER = 16 * 1024;

  /** Opens the stream of changes. */
  interface Source {
    /** A line for each change. */
    InputStream open() throws KubeException;
  }

  private final Source changes;
  private final Semaphore rung = new Semaphore(0);
  private final Thread listener = Thread.ofVirtual().unstarted(this::listen);
  private volatile boolean listening;

  /** Of a stream, which is not opened yet. */
  PodBell(Source changes) {
    this.changes = changes;
  }

  /** Begins to listen. */
  void start() {
    listener.start();
  }

  /** Whether it rings at every change; a connection that is silently gone is not noticed. */
  boolean listens() {
    return listening;
  }

  /** Ends the waiting. */
  void ring() {
    rung.release();
  }

  /** Waits until it rings, or has rung since the last time, for at most so long. */
  void await(Duration most) throws InterruptedException {
    if (rung.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS)) {
      rung.drainPermits();
    }
  }

  private void listen() {
    try {
      while (true) {
        try (InputStream in = changes.open()) {
          listening = true;
          hear(in);
        } catch (KubeException e) {
          if (e.reason() == KubeException.Reason.FORBIDDEN) {
            return;
          }
        } catch (IOException e) {
          // It is opened again.
        } finally {
          listening = false;
          ring();
        }
        Thread.sleep(AGAIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hear(InputStream in) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      for (int i = 0; i < n; i++) {
        if (buffer[i] == '\n') {
          ring();
          break;
        }
      }
    }
  }

  @Override
  public void close() {
    listener.interrupt();
  }
}
