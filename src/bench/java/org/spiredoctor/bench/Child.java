package org.spiredoctor.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A process that was started; closing it ends it and what it started itself. */
final class Child implements AutoCloseable {
  private static final Duration TO_DIE = Duration.ofSeconds(5);
  private static final int MOST_SAID = 400;

  private final Process process;
  private final long started;
  private final Path output;
  private final Consumer<Child> gone;

  Child(Process process, long started, Path output, Consumer<Child> gone) {
    this.process = process;
    this.started = started;
    this.output = output;
    this.gone = gone;
  }

  /** {@link System#nanoTime()} just before it was started. */
  long started() {
    return started;
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  CompletableFuture<Process> exit() {
    return process.onExit();
  }

  /**
   * Waits until it ends with exit code 0.
   *
   * @return {@link System#nanoTime()} at its end
   */
  long succeeded(Duration limit) throws InterruptedException, RunFailedException {
    boolean ended = process.waitFor(limit);
    long now = System.nanoTime();
    if (!ended) {
      throw failed("still running after " + limit.toSeconds() + " s");
    }
    if (process.exitValue() != 0) {
      throw failed("exit code " + process.exitValue());
    }
    return now;
  }

  /** Waits until it has printed something. */
  void spoke(Duration limit) throws IOException, InterruptedException, RunFailedException {
    long until = System.nanoTime() + limit.toNanos();
    while (Files.size(output) == 0) {
      if (!alive() || System.nanoTime() - until > 0) {
        throw failed("printed nothing");
      }
      Thread.sleep(Duration.ofMillis(5));
    }
  }

  /** What went wrong, with the end of what it said. */
  RunFailedException failed(String what) {
    String said = output().strip().replaceAll("\\s+", " ");
    String end =
        said.length() > MOST_SAID ? "… " + said.substring(said.length() - MOST_SAID) : said;
    return new RunFailedException(what + (end.isEmpty() ? ", said nothing" : ", said: " + end));
  }

  String output() {
    try {
      return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.isAlive() ? process.descendants().toList() : List.of();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    try {
      process.waitFor(TO_DIE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      Files.deleteIfExists(output);
    } catch (IOException e) {
      // It goes with the scratch directory.
    }
    gone.accept(this);
  }
}
