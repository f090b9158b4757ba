package org.spiredoctor.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spiredoctor.kube.KubeException.Reason;
import org.spiredoctor.kube.Refused;

@Timeout(20)
class PodBellTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static void write(PipedOutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Test
  @SuppressWarnings("try") // That it closes early is what is tried.
  void ringsAtEveryChangeAndWhenThereAreNoMoreToBeHeard() throws IOException, InterruptedException {
    try (PipedOutputStream changes = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(changes);
        PodBell bell = new PodBell(() -> in)) {
      bell.start();
      write(changes, "{\"type\":\"ADDED\"}\n");
      bell.await(LONG);
      assertThat(bell.listens()).isTrue();
      write(changes, "{\"type\":");
      write(changes, "\"MODIFIED\"}\n");
      bell.await(LONG);
      assertThat(bell.listens()).isTrue();
      changes.close();
      bell.await(LONG);
      assertThat(bell.listens()).isFalse();
    }
  }

  @Test
  void whoMayNotWatchDoesNotTryAgain() throws InterruptedException {
    AtomicInteger tries = new AtomicInteger();
    try (PodBell bell =
        new PodBell(
            () -> {
              tries.incrementAndGet();
              throw Refused.because(Reason.FORBIDDEN);
            })) {
      bell.start();
      bell.await(LONG);
      assertThat(bell.listens()).isFalse();
      // Longer than it takes until a stream that has ended is opened again.
      bell.await(Duration.ofMillis(2500));
      assertThat(tries).hasValue(1);
    }
  }

  @Test
  void aBellThatIsRungIsNotWaitedFor() throws InterruptedException {
    try (PodBell bell = new PodBell(PodBellTest::nothing)) {
      bell.ring();
      bell.ring();
      bell.await(LONG);
      long began = System.nanoTime();
      bell.await(Duration.ofMillis(20));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(19));
    }
  }

  private static PipedInputStream nothing() {
    return new PipedInputStream();
  }
}
