package org.spiredoctor.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.report.Style;

class RepeatedCheckTest {
  private static final Report SICK = ClusterScene.healthy().unreachable("refused").report();

  private final PrintStream stream = new PrintStream(new ByteArrayOutputStream());
  private final Terminal terminal =
      new Terminal(stream, stream, new Style(false, true, 80), Map.of());
  private final RepeatedCheck patience = new RepeatedCheck(Duration.ofHours(1), terminal);

  @Test
  void beforeTheFirstReportThereIsNothingToTell() {
    assertThat(patience.end(false)).isFalse();
  }

  @Test
  void whoEndsItInThePauseIsToldTheLastReport() throws Exception {
    AtomicInteger examinations = new AtomicInteger();
    FutureTask<Report> waiting =
        waiting(
            () -> {
              examinations.incrementAndGet();
              return SICK;
            });
    while (examinations.get() == 0 || !patience.end(false)) {
      Thread.onSpinWait();
    }
    assertThat(waiting.get()).isSameAs(SICK);
  }

  /** Of a pod, an examination can take half a minute. */
  @Test
  void whoEndsItDuringALaterExaminationIsToldTheLastReport() throws Exception {
    CountDownLatch again = new CountDownLatch(1);
    AtomicInteger examinations = new AtomicInteger();
    FutureTask<Report> waiting =
        waiting(
            () -> {
              if (examinations.getAndIncrement() > 0) {
                again.countDown();
                new CountDownLatch(1).await();
              }
              return SICK;
            });
    again.await();
    assertThat(patience.end(false)).isTrue();
    assertThat(waiting.get()).isSameAs(SICK);
  }

  /** What is asked keeps nobody from leaving. */
  @Test
  void whoIsAskedHasNothingToWaitFor() throws Exception {
    Report report = new RepeatedCheck(Duration.ZERO, terminal).untilHealthy(() -> SICK);
    assertThat(report).isSameAs(SICK);
    patience.know();
    patience.ask();
    assertThat(patience.end(false)).isFalse();
  }

  private FutureTask<Report> waiting(RepeatedCheck.Examination examination) {
    FutureTask<Report> task = new FutureTask<>(() -> patience.untilHealthy(examination));
    Thread.ofVirtual().start(task);
    return task;
  }
}
