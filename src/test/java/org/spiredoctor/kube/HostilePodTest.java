package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spiredoctor.kube.KubeException.Reason;

/**
 * What runs in a pod may be anybody's: it may drip, never end, or send more than there is memory.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostilePodTest {
  private static final long MEBI = 1024 * 1024;
  private static final byte[] CHUNK = new byte[64 * 1024];

  private final Semaphore opened = new Semaphore(0);

  static {
    Arrays.fill(CHUNK, (byte) 'x');
  }

  private interface Program {
    void run(OutputStream out) throws IOException, InterruptedException;
  }

  private static KubeApi api(ApiServer server) {
    return PlainApi.at(server.port()).within(Duration.ofSeconds(5));
  }

  private ApiServer running(Program program) throws IOException {
    return ApiServer.plain(
        (request, out) -> {
          ApiServer.upgrade(request, out);
          try {
            // The JDK's client may lose what comes in one read with the head of the answer, where
            // that is more than a buffer of it. A program in a container takes longer to start.
            opened.acquire();
            program.run(out);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private Exec exec(KubeApi api, Duration whole, long bytes) throws KubeException {
    Exec exec =
        api.exec(
            "spire",
            "spire-server-0",
            "spire-server",
            List.of("/opt/spire/bin/spire-server", "--version"),
            Exec.Input.NONE,
            new Exec.Limits(whole, bytes));
    opened.release();
    return exec;
  }

  @Test
  void whatAProgramPrintsIsRead() throws Exception {
    try (ApiServer server =
            running(
                out -> {
                  ApiServer.message(out, 2, "on the side".getBytes(StandardCharsets.UTF_8));
                  ApiServer.message(out, 1, "all ".getBytes(StandardCharsets.UTF_8));
                  // One message in three frames.
                  ApiServer.frame(out, 0x02, new byte[] {1, 'o'});
                  ApiServer.frame(out, 0x00, new byte[] {'f'});
                  ApiServer.frame(out, 0x80, " it".getBytes(StandardCharsets.UTF_8));
                  ApiServer.message(out, 1, new byte[0]);
                  ApiServer.success(out);
                });
        KubeApi api = api(server);
        Exec exec = exec(api, Duration.ofSeconds(5), MEBI)) {
      assertThat(new String(exec.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("all of it");
      assertThat(exec.exitCode()).hasValue(0);
      assertThat(exec.complaint()).isEqualTo("on the side");
    }
  }

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
  void outputWithoutAnEndEndsAtTheLimit() throws Exception {
    AtomicLong sent = new AtomicLong();
    for (int channel : new int[] {1, 2, 3, 7}) {
      sent.set(0);
      try (ApiServer server =
              running(
                  out -> {
                    while (true) {
                      ApiServer.message(out, channel, CHUNK);
                      sent.addAndGet(CHUNK.length);
                    }
                  });
          KubeApi api = api(server);
          Exec exec = exec(api, Duration.ofSeconds(30), 8 * MEBI)) {
        assertThatThrownBy(exec::readAllBytes)
            .as("channel %s", channel)
            .hasMessage("it printed more than 8192 KiB");
        assertThat(sent.get()).isLessThan(24 * MEBI);
      }
    }
  }

  /** One message whose last frame never comes. */
  @Test
  void aMessageWithoutAnEndIsNotHeld() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (ApiServer server =
            running(
                out -> {
                  ApiServer.frame(out, 0x02, new byte[] {1});
                  while (true) {
                    ApiServer.frame(out, 0x00, CHUNK);
                    sent.addAndGet(CHUNK.length);
                  }
                });
        KubeApi api = api(server);
        Exec exec = exec(api, Duration.ofSeconds(30), 8 * MEBI)) {
      // Nobody reads: then nothing is taken beyond what lies in buffers.
      TimeUnit.MILLISECONDS.sleep(500);
      assertThat(sent.get()).isLessThan(16 * MEBI);
      assertThatThrownBy(exec::readAllBytes).hasMessage("it printed more than 8192 KiB");
    }
  }

  @Test
  void whatIsNoFrameIsSaid() throws Exception {
    try (ApiServer server =
            running(
                out -> {
                  ApiServer.message(out, 1, new byte[] {'x'});
                  out.write(CHUNK);
                });
        KubeApi api = api(server);
        Exec exec = exec(api, Duration.ofSeconds(5), MEBI)) {
      assertThatThrownBy(exec::readAllBytes)
          .hasMessage("the connection brought what is no web socket frame (Unexpected rsv1 bit)");
    }
  }

  /** A frame that says it has a gigabyte. */
  @Test
  void aFrameOfAGigabyteIsNotHeld() throws Exception {
    try (ApiServer server =
            running(
                out -> {
                  out.write(new byte[] {(byte) 0x82, 127, 0, 0, 0, 0, 0x40, 0, 0, 0});
                  out.write(1);
                  while (true) {
                    out.write(CHUNK);
                  }
                });
        KubeApi api = api(server);
        Exec exec = exec(api, Duration.ofSeconds(30), 8 * MEBI)) {
      assertThatThrownBy(exec::readAllBytes).hasMessage("it printed more than 8192 KiB");
    }
  }

  @Test
  void anEndWithoutAStatusIsNoSuccess() throws Exception {
    try (ApiServer server =
            running(out -> ApiServer.frame(out, 0x88, new byte[] {3, (byte) 0xe8}));
        KubeApi api = api(server);
        Exec exec = exec(api, Duration.ofSeconds(5), MEBI)) {
      assertThat(exec.readAllBytes()).isEmpty();
      assertThat(exec.exitCode()).isEmpty();
    }
  }

  @Test
  void aStatusThatIsNoneIsNoSuccess() throws Exception {
    try (ApiServer server =
            running(
                out -> {
                  ApiServer.message(out, 3, "{\"status\":".getBytes(StandardCharsets.UTF_8));
                  ApiServer.frame(out, 0x88, new byte[] {3, (byte) 0xe8});
                });
        KubeApi api = api(server);
        Exec exec = exec(api, Duration.ofSeconds(5), MEBI)) {
      assertThat(exec.readAllBytes()).isEmpty();
      assertThat(exec.exitCode()).isEmpty();
    }
  }

  @Test
  void aRefusedUpgradeSaysWhy() throws Exception {
    try (ApiServer server =
            ApiServer.plain((_, out) -> ApiServer.json(out, 403, "{\"message\":\"not for you\"}"));
        KubeApi api = api(server)) {
      assertThatThrownBy(() -> exec(api, Duration.ofSeconds(5), MEBI))
          .isInstanceOfSatisfying(
              KubeException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.FORBIDDEN);
                assertThat(e.asked()).isEqualTo("create pods/exec in namespace spire");
                assertThat(e.answer()).startsWith("403 ");
              });
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
