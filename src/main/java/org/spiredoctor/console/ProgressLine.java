package org.spiredoctor.console;

import java.time.Duration;
import java.util.function.Consumer;
import org.spiredoctor.report.Untrusted;

/**
 * Tells on standard error what is being done, and since when; of what is done at once, nothing. On
 * a terminal one line is kept up to date, and taken away in the end; elsewhere each step is a line.
 */
public final class ProgressLine implements Consumer<String>, AutoCloseable {
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Terminal terminal;
  private final Duration quiet;
  private final long began = System.nanoTime();
  private final Thread clock;
  private String step = "";
  private boolean said;
  private boolean drawn;

  private ProgressLine(Terminal terminal, Duration quiet) {
    this.terminal = terminal;
    this.quiet = quiet;
    this.clock = Thread.ofVirtual().unstarted(this::tick);
  }

  /** Begins now. */
  public static ProgressLine begin(Terminal terminal) {
    return begin(terminal, QUIET);
  }

  /**
   * Begins now, and tells nothing of what is over soon.
   *
   * @param quiet how long nothing is told
   */
  public static ProgressLine begin(Terminal terminal, Duration quiet) {
    ProgressLine progress = new ProgressLine(terminal, quiet);
    progress.clock.start();
    return progress;
  }

  /**
   * What is done from now on.
   *
   * @param next behind its dots it may say how far that is
   */
  @Override
  public synchronized void accept(String next) {
    boolean goesOn = step(next).equals(step(step));
    step = next;
    said = false;
    // In a pipe a line every second says how far it is.
    boolean later = goesOn && !terminal.style().colour();
    if (!later && elapsed().compareTo(quiet) >= 0) {
      tell();
    }
  }

  private static String step(String text) {
    int dots = text.lastIndexOf("...");
    return dots < 0 ? text : text.substring(0, dots);
  }

  private void tick() {
    try {
      Thread.sleep(quiet);
      while (true) {
        tell();
        Thread.sleep(AGAIN);
      }
    } catch (InterruptedException e) {
      // It is over.
    }
  }

  private synchronized void tell() {
    boolean redraws = terminal.style().colour();
    if (step.isEmpty() || clock.isInterrupted() || (said && !redraws)) {
      return;
    }
    said = true;
    String line = step + " (" + elapsed().toSeconds() + " s)";
    if (redraws) {
      drawn = true;
      terminal.err().print("\r" + terminal.style().plain(Untrusted.clean(line)) + "\u001b[K");
      terminal.err().flush();
    } else {
      terminal.say(line);
    }
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Override
  public synchronized void close() {
    clock.interrupt();
    step = "";
    if (drawn) {
      terminal.err().print("\r\u001b[K");
      terminal.err().flush();
    }
  }
}
