package org.spiredoctor.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.kube.KubeException;

/**
 * Follows a container's log to its end, over as many connections as it takes: one that breaks, is
 * silent for long, or seems to have ended too early is opened again where it was left.
 */
final class LogFollower {
  /** Who keeps connections open may drop a silent one without a word. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** So long the end of the log may take after the container's. */
  private static final Duration REST = Duration.ofSeconds(3);

  private static final Duration LAST = Duration.ofSeconds(30);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final int ATTEMPTS_AT_THE_END = 5;
  private static final int BUFFER = 16 * 1024;

  /** Opens the log. */
  interface Source {
    /**
     * Opens it.
     *
     * @param since from when on; from its beginning when absent
     * @param follow whether it goes on until the container ends
     */
    InputStream open(Optional<Instant> since, boolean follow) throws KubeException;
  }

  private final Source source;
  private final Consumer<String> lines;
  private final LogResume resume = new LogResume();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread reader = Thread.ofVirtual().unstarted(this::follow);
  private volatile boolean ended;
  private volatile long lastRead = System.nanoTime();
  private volatile @Nullable InputStream open;
  private volatile @Nullable String trouble;

  /**
   * Of a log.
   *
   * @param lines is given each line, as the container wrote it
   */
  LogFollower(Source source, Consumer<String> lines) {
    this.source = source;
    this.lines = lines;
  }

  /** Begins. */
  void start() {
    reader.start();
  }

  /** To be called now and then: a connection that nothing comes from is given up. */
  void look() {
    if (System.nanoTime() - lastRead > SILENCE.toNanos()) {
      lastRead = System.nanoTime();
      interrupt();
    }
  }

  /**
   * The container has ended: reads what is left.
   *
   * @return what kept the end from being read; nothing when it was
   */
  Optional<String> end() throws InterruptedException {
    ended = true;
    for (Duration waited = Duration.ZERO; waited.compareTo(LAST) < 0; waited = waited.plus(REST)) {
      if (over.await(REST.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.ofNullable(trouble);
      }
      interrupt();
    }
    stop();
    return Optional.of("it was not read in " + LAST.toSeconds() + " s");
  }

  /** Gives up, wherever it is. */
  void stop() {
    reader.interrupt();
    interrupt();
  }

  /** Lets the reader see that its connection is no longer wanted. */
  private void interrupt() {
    InputStream now = open;
    if (now != null) {
      try {
        now.close();
      } catch (IOException e) {
        // It is gone already.
      }
    }
  }

  private void follow() {
    try {
      Duration pause = FIRST_PAUSE;
      int attemptsLeft = ATTEMPTS_AT_THE_END;
      while (attemptsLeft > 0) {
        // A stream that ended by itself is no proof of the log's end; one that was not followed is.
        boolean last = ended;
        boolean complete = read(!last);
        if (last && complete) {
          return;
        }
        attemptsLeft -= last ? 1 : 0;
        pause = complete ? FIRST_PAUSE : longer(pause);
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // Else lines would be missing, and nobody would know.
      trouble = String.valueOf(e);
    } finally {
      over.countDown();
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  /** Whether it came to the end of the stream. */
  private boolean read(boolean follow) {
    try (InputStream in = source.open(resume.since(), follow)) {
      open = in;
      resume.reopened();
      trouble = null;
      String rest = lines(in);
      if (!follow && !rest.isEmpty()) {
        take(rest);
      }
      return trouble == null;
    } catch (KubeException e) {
      trouble = e.asked() + ": " + e.answer();
    } catch (IOException e) {
      trouble = String.valueOf(e.getMessage());
    } finally {
      open = null;
    }
    return false;
  }

  private void take(String line) {
    if (LogResume.isOfContainer(line)) {
      resume.take(line).ifPresent(lines);
    } else {
      // The kubelet's own words, in the place of what it cannot read.
      trouble = line;
    }
  }

  /**
   * Takes all whole lines.
   *
   * @return what stands behind the last of them: of a stream that was cut, a part of a line
   */
  private String lines(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      lastRead = System.nanoTime();
      int from = 0;
      for (int i = 0; i < n; i++) {
        if (buffer[i] == '\n') {
          line.write(buffer, from, i - from);
          take(line.toString(StandardCharsets.UTF_8));
          line.reset();
          from = i + 1;
        }
      }
      line.write(buffer, from, n - from);
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
