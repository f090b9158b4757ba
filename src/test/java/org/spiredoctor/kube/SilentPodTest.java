package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program in a pod that drips, or says nothing. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SilentPodTest extends HostilePrograms {
  /** A server that reads its entries prints nothing until it has them all. */
  @Test
  void silenceThatIsAllowedForIsWaitedOut() throws Exception {
    Semaphore asked = new Semaphore(0);
    try (ApiServer server =
            running(
                out -> {
                  asked.acquire();
                  // Asked again after each second of silence.
                  asked.acquire(2);
                  ApiServer.message(out, 1, "all".getBytes(StandardCharsets.UTF_8));
                  ApiServer.success(out);
                });
        KubeApi api = api(server).within(Duration.ofSeconds(1));
        Exec exec = exec(api, Duration.ofSeconds(30), MEBI)) {
      exec.whenSilent(
          () -> {
            asked.release();
            return true;
          });
      assertThat(new String(exec.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("all");
    }
  }

  @Test
  void silenceThatIsNotAllowedForEndsAsBefore() throws Exception {
    try (ApiServer server = running(_ -> new Semaphore(0).acquire());
        KubeApi api = api(server).within(Duration.ofSeconds(1));
        Exec exec = exec(api, Duration.ofSeconds(30), MEBI)) {
      exec.whenSilent(() -> false);
      assertThatThrownBy(exec::readAllBytes).hasMessage("it printed nothing for 1 s");
      assertThatThrownBy(exec::readAllBytes).hasMessage("it printed nothing for 1 s");
    }
  }

  @Test
  void oneThatDripsEndsInTime() throws Exception {
    try (ApiServer server =
            running(
                out -> {
                  while (true) {
                    ApiServer.message(out, 1, new byte[] {'x'});
                    Thread.sleep(100);
                  }
                });
        KubeApi api = api(server);
        Exec exec = exec(api, Duration.ofSeconds(2), MEBI)) {
      long began = System.nanoTime();
      assertThatThrownBy(exec::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessage("it did not end within 2 s");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
      // And for good: who reads on to hear how it ended is not held up again.
      assertThatThrownBy(() -> exec.skip(Long.MAX_VALUE)).hasMessage("it did not end within 2 s");
    }
  }

  @Test
  void oneThatDripsOnStandardErrorEndsInTime() throws Exception {
    try (ApiServer server =
            running(
                out -> {
                  while (true) {
                    ApiServer.message(out, 2, new byte[] {'x'});
                    Thread.sleep(100);
                  }
                });
        KubeApi api = api(server);
        Exec exec = exec(api, Duration.ofSeconds(2), MEBI)) {
      assertThatThrownBy(exec::readAllBytes).hasMessage("it did not end within 2 s");
    }
  }

  @Test
  void oneThatSaysNothingEndsInTime() throws Exception {
    try (ApiServer server = running(_ -> Thread.sleep(30_000));
        KubeApi api = api(server);
        Exec exec = exec(api, Duration.ofSeconds(1), MEBI)) {
      assertThatThrownBy(exec::readAllBytes).hasMessage("it did not end within 1 s");
    }
  }

  @Test
  void anAnswerThatDripsEndsInTime() throws Exception {
    try (ApiServer server =
        ApiServer.plain(
            (_, out) -> {
              ApiServer.unending(out);
              while (true) {
                out.write(' ');
                out.flush();
                try {
                  Thread.sleep(100);
                } catch (InterruptedException e) {
                  return;
                }
              }
            })) {
      long began = System.nanoTime();
      try (var raw =
          new TimedBody(
              URI.create("http://127.0.0.1:" + server.port()).toURL().openStream(),
              Duration.ofSeconds(2))) {
        assertThatThrownBy(raw::readAllBytes)
            .isInstanceOf(InterruptedIOException.class)
            .hasMessage("the answer did not end within 2 s");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
    }
  }
}
