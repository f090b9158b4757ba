package org.spiredoctor.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spiredoctor.report.Style;

class ProgressLineTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Terminal terminal(boolean colour) {
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new Terminal(stream, stream, new Style(colour, true, 80), Map.of());
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private void untilSaid(String text) throws InterruptedException {
    for (int i = 0; i < 500 && !said().contains(text); i++) {
      Thread.sleep(10);
    }
    assertThat(said()).contains(text);
  }

  @Test
  void whatIsQuickIsNotTold() {
    for (boolean colour : new boolean[] {true, false}) {
      try (ProgressLine steps = ProgressLine.begin(terminal(colour), LONG)) {
        steps.accept("Listing...");
        steps.accept("Asking...");
      }
    }
    assertThat(said()).isEmpty();
  }

  @Test
  void inAPipeEachStepIsALine() throws InterruptedException {
    try (ProgressLine steps = ProgressLine.begin(terminal(false), SHORT)) {
      steps.accept("Listing...");
      untilSaid("Listing");
      steps.accept("Asking...");
    }
    assertThat(said().lines()).containsExactly("Listing... (0 s)", "Asking... (0 s)");
  }

  @Test
  void onATerminalOneLineIsKeptUpToDate() throws InterruptedException {
    try (ProgressLine steps = ProgressLine.begin(terminal(true), SHORT)) {
      steps.accept("Listing...");
      untilSaid("(1 s)");
    }
    assertThat(said())
        .startsWith("\rListing... (0 s)\u001b[K\rListing... (1 s)\u001b[K")
        .endsWith("\r\u001b[K")
        .doesNotContain("\n");
  }
}
