package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spiredoctor.evidence.cluster.ServerPod;
import org.spiredoctor.evidence.cluster.ServerProgram;
import org.spiredoctor.spire.server.ServerException;
import org.spiredoctor.spire.server.SpireServer;

/** A server with many entries prints none until it has read them all. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowServerTest {
  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final String ENTRIES = "{\"entries\":[{\"id\":\"one\"}]}";

  /** The second time only after a silence that is too long for what answers nothing. */
  private final CountDownLatch asked = new CountDownLatch(2);

  private final List<String> progress = new ArrayList<>();

  /**
   * @param other what is answered about an entry of which there is none, on standard error
   */
  private ApiServer server(String other) throws IOException {
    return ApiServer.plain(
        (request, out) -> {
          ApiServer.upgrade(request, out);
          try {
            if (request.path().contains("command=-entryID")) {
              ApiServer.message(out, 2, other.getBytes(StandardCharsets.UTF_8));
              asked.countDown();
              ApiServer.failure(out, 1);
            } else {
              asked.await();
              ApiServer.message(out, 1, ENTRIES.getBytes(StandardCharsets.UTF_8));
              ApiServer.success(out);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private SpireServer cli(ApiServer server) {
    return ServerPod.server(
        PlainApi.at(server.port()).within(LIMIT), ServerProgram.USUAL, false, progress::add);
  }

  @Test
  void isWaitedForWhileItAnswersOtherwise() throws Exception {
    try (ApiServer server =
        server("Error: error fetching entry ID 0: rpc error: code = NotFound desc = not found")) {
      assertThat(cli(server).entries()).extracting("id").containsExactly("one");
      assertThat(progress)
          .first(InstanceOfAssertFactories.STRING)
          .isEqualTo("Waiting for the SPIRE server to list its entries...");
    }
  }

  @Test
  void thatAnswersNothingElseHangs() throws Exception {
    try (ApiServer server = server("Error: rpc error: code = Unavailable desc = datastore")) {
      assertThatThrownBy(cli(server)::entries)
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("entry show -output json: it printed nothing for 3 s");
    }
  }
}
