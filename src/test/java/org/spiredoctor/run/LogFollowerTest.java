package org.spiredoctor.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LogFollowerTest {
  private static final String TIME = "2026-03-01T12:00:00.5Z ";

  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What comes before the connection is reset. */
  private static InputStream broken(String text) {
    return new SequenceInputStream(
        text(text),
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("Connection reset");
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return read();
          }
        });
  }

  @Test
  void aLineThatIsCutIsReadAgainAsAWhole() throws InterruptedException {
    CountDownLatch opened = new CountDownLatch(3);
    List<Boolean> follows = Collections.synchronizedList(new ArrayList<>());
    LogFollower follower =
        new LogFollower(
            (since, follow) -> {
              follows.add(follow);
              opened.countDown();
              return switch (follows.size()) {
                case 1 -> broken(TIME + "one\n" + TIME + "tw");
                // One that ends as if all were said.
                case 2 -> text(TIME + "one\n" + TIME + "two\n" + TIME + "thr");
                default -> text(TIME + "one\n" + TIME + "two\n" + TIME + "three");
              };
            },
            lines::add);
    follower.start();
    opened.await();
    assertThat(follower.end()).isEmpty();
    assertThat(lines).containsExactly("one", "two", "three");
    assertThat(follows.getLast()).isFalse();
  }

  @Test
  void aStreamThatNeverEndsIsGivenUpWhenTheContainerHasEnded() throws InterruptedException {
    CountDownLatch reading = new CountDownLatch(1);
    LogFollower follower =
        new LogFollower(
            (since, follow) -> follow ? new Silent(reading) : text(TIME + "all\n"), lines::add);
    follower.start();
    reading.await();
    assertThat(follower.end()).isEmpty();
    assertThat(lines).containsExactly("all");
  }

  @Test
  void whatKeptTheEndFromBeingReadIsSaid() throws InterruptedException {
    LogFollower follower =
        new LogFollower(
            (since, follow) -> broken(since.isEmpty() ? TIME + "one\n" : ""), lines::add);
    follower.start();
    Optional<String> lost = follower.end();
    assertThat(lost).contains("Connection reset");
    assertThat(lines).containsExactly("one");
  }

  @Test
  void theKubeletsOwnWordsAreNoLineOfTheTests() throws InterruptedException {
    LogFollower follower =
        new LogFollower(
            (since, follow) -> text(TIME + "one\nunable to retrieve container logs for x"),
            lines::add);
    follower.start();
    assertThat(follower.end()).contains("unable to retrieve container logs for x");
    assertThat(lines).containsExactly("one");
  }

  @Test
  void aReaderThatFailsIsTold() throws InterruptedException {
    LogFollower follower =
        new LogFollower(
            (since, follow) -> text(TIME + "one\n"),
            line -> {
              throw new IllegalStateException("no room for " + line);
            });
    follower.start();
    assertThat(follower.end().orElseThrow()).contains("no room for one");
  }

  /** A connection that somebody has forgotten. */
  private static final class Silent extends InputStream {
    private final CountDownLatch reading;
    private final CountDownLatch closed = new CountDownLatch(1);

    Silent(CountDownLatch reading) {
      this.reading = reading;
    }

    @Override
    public int read() throws IOException {
      reading.countDown();
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("closed");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return read();
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
