package org.spiredoctor.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spiredoctor.kube.KubeException.Reason;
import org.spiredoctor.kube.Refused;

@Timeout(20)
class EarlyTransferTest {
  private final AtomicInteger attempts = new AtomicInteger();

  @Test
  void isTriedUntilTheContainerIsThere() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    try (EarlyTransfer early =
        EarlyTransfer.begin(
            () -> {
              switch (attempts.incrementAndGet()) {
                case 1 -> throw Refused.because(Reason.OTHER);
                case 2 -> throw new IOException("it broke off");
                default -> {}
              }
            },
            done::countDown)) {
      done.await();
      assertThat(early.arrived()).isTrue();
      assertThat(early.last()).isTrue();
      assertThat(attempts).hasValue(3);
    }
  }

  @Test
  void whatIsOnItsWayWhenTheContainerIsReportedIsWaitedFor() throws InterruptedException {
    CountDownLatch sending = new CountDownLatch(1);
    CountDownLatch reported = new CountDownLatch(1);
    try (EarlyTransfer early =
        EarlyTransfer.begin(
            () -> {
              attempts.incrementAndGet();
              sending.countDown();
              try {
                reported.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
            },
            () -> {})) {
      sending.await();
      assertThat(early.arrived()).isFalse();
      reported.countDown();
      assertThat(early.last()).isTrue();
      assertThat(attempts).hasValue(1);
    }
  }

  @Test
  void onceTheContainerIsReportedNoOtherAttemptIsMade() throws InterruptedException {
    CountDownLatch tried = new CountDownLatch(1);
    try (EarlyTransfer early =
        EarlyTransfer.begin(
            () -> {
              attempts.incrementAndGet();
              tried.countDown();
              throw Refused.because(Reason.FORBIDDEN);
            },
            () -> {})) {
      tried.await();
      assertThat(early.last()).isFalse();
      int made = attempts.get();
      assertThat(early.last()).isFalse();
      assertThat(attempts).hasValue(made);
    }
  }
}
