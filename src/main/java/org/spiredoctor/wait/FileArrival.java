package org.spiredoctor.wait;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Waits until a file is there that can be executed. */
public final class FileArrival {
  /** Without inotify it is looked for as often. */
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Path file;
  private final Duration limit;
  private final Duration interval;

  /**
   * Of a file.
   *
   * @param limit when to give up
   * @param interval between two words of progress
   */
  public FileArrival(Path file, Duration limit, Duration interval) {
    this.file = file.toAbsolutePath();
    this.limit = limit;
    this.interval = interval;
  }

  /**
   * Waits.
   *
   * @param progress is told every interval how long it has waited
   * @return whether it came
   */
  public boolean await(Consumer<Duration> progress) throws InterruptedException {
    long began = System.nanoTime();
    Duration told = Duration.ZERO;
    Semaphore changed = new Semaphore(0);
    try (Watch watch = new Watch(DirectoryWatch.on(file, changed::release))) {
      while (true) {
        watch.follow();
        if (Files.isRegularFile(file) && Files.isExecutable(file)) {
          return true;
        }
        Duration waited = Duration.ofNanos(System.nanoTime() - began);
        if (waited.compareTo(limit) >= 0) {
          return false;
        }
        if (waited.compareTo(told) >= 0) {
          progress.accept(waited);
          told = told.plus(interval);
        }
        boolean _ = changed.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        changed.drainPermits();
      }
    }
  }

  /** Where the system has none left to give, there is none. */
  private record Watch(@Nullable DirectoryWatch watch) implements AutoCloseable {
    void follow() {
      if (watch != null) {
        watch.follow();
      }
    }

    @Override
    public void close() {
      if (watch != null) {
        watch.close();
      }
    }
  }
}
