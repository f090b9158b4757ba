package org.spiredoctor.run;

import java.io.IOException;
import java.time.Duration;
import org.spiredoctor.kube.KubeException;

/**
 * Hands the binary over before the container that takes it is reported: the kubelet reports a
 * container about a second after it was started. Until then attempts are refused or fail for many
 * reasons, and none of them counts.
 */
final class EarlyTransfer implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);

  /** Sends the binary. */
  interface Sender {
    /** Returns when it arrived whole. */
    void send() throws KubeException, IOException;
  }

  private final Sender sender;
  private final Runnable done;
  private final Thread thread = Thread.ofVirtual().unstarted(this::attempt);
  private volatile boolean arrived;
  private volatile boolean reported;

  private EarlyTransfer(Sender sender, Runnable done) {
    this.sender = sender;
    this.done = done;
  }

  /**
   * Begins.
   *
   * @param done is told when the binary has arrived
   */
  static EarlyTransfer begin(Sender sender, Runnable done) {
    EarlyTransfer transfer = new EarlyTransfer(sender, done);
    transfer.thread.start();
    return transfer;
  }

  /** Whether the binary has arrived. */
  boolean arrived() {
    return arrived;
  }

  /**
   * The container is reported: waits for the attempt that is being made, and makes no other.
   *
   * @return whether the binary has arrived
   */
  boolean last() throws InterruptedException {
    reported = true;
    thread.join();
    return arrived;
  }

  private void attempt() {
    Duration pause = FIRST_PAUSE;
    while (!reported && !Thread.currentThread().isInterrupted()) {
      try {
        sender.send();
        arrived = true;
        done.run();
        return;
      } catch (KubeException | IOException e) {
        // Most likely there is no such container yet; if it is more, the next attempts tell.
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }
  }

  /** Makes no more attempts. */
  @Override
  public void close() {
    reported = true;
    thread.interrupt();
  }
}
