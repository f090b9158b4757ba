package org.spiredoctor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class PauseTest {
  @Test
  void lastsAsLongAsNobodyEndsIt() throws InterruptedException {
    Pause pause = new Pause();
    assertThat(pause.isEndedWithin(Duration.ofMillis(1))).isFalse();
    // What is not going on leaves nothing to tell.
    assertThat(pause.end()).isFalse();
    assertThat(pause.isEndedWithin(Duration.ofHours(1))).isTrue();
  }

  @Test
  void oneThatIsGoingOnIsEndedAtOnce() throws Exception {
    Pause pause = new Pause();
    FutureTask<Boolean> sleeping = new FutureTask<>(() -> pause.isEndedWithin(Duration.ofHours(1)));
    Thread sleeper = Thread.ofVirtual().start(sleeping);
    while (sleeper.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    assertThat(pause.end()).isTrue();
    assertThat(sleeping.get()).isTrue();
  }
}
