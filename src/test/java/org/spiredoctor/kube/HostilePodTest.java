package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spiredoctor.kube.KubeException.Reason;

/**
 * What runs in a pod may be anybody's: it may drip, never end, or send more than there is memory.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostilePodTest extends HostilePrograms {
  private static final byte[] CHUNK = "x".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);

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
}
