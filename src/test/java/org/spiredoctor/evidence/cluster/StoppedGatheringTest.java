package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.PlainApi;

/** Who presses Ctrl-C is told what is known, at once, and not that what is unknown is broken. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoppedGatheringTest {

  /** Does not answer, or begins to and never ends; namespaces are listed well. */
  private static HttpServer silent(String start, CountDownLatch asked, CountDownLatch over)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> hold(exchange, start, asked, over));
    server.createContext(
        "/api/v1/namespaces",
        exchange -> {
          try (exchange) {
            byte[] body = "{\"metadata\":{},\"items\":[]}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return server;
  }

  private static void hold(
      HttpExchange exchange, String start, CountDownLatch asked, CountDownLatch over)
      throws IOException {
    try (exchange) {
      if (!start.isEmpty()) {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(start.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
      }
      if (exchange.getRequestURI().getPath().equals("/api/v1/pods")) {
        asked.countDown();
      }
      over.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"items\":["})
  void whatIsNotKnownByThenIsNotSeen(String start) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    HttpServer server = silent(start, asked, over);
    ClusterQuery query =
        new ClusterQuery(
                new ClusterQuery.Pods.WithSocket(Optional.of("apps")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                true,
                true)
            .ofLittle();
    try (KubeApi api = PlainApi.at(server.getAddress().getPort())) {
      ClusterGathering gathering =
          new ClusterGathering(api, query, Optional.empty(), Clock.systemUTC(), _ -> {});
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  asked.await();
                  gathering.stop();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      ClusterEvidence seen = gathering.gather();
      assertThat(seen.pods())
          .isInstanceOfSatisfying(
              Unseen.class,
              pods -> {
                assertThat(pods.reason()).isEqualTo(Reason.NOT_ASKED);
                assertThat(pods.why()).isEqualTo("interrupted");
              });
      assertThat(seen.snapshot().objects().keySet()).contains(Kind.NODE, Kind.EVENT);
    } finally {
      over.countDown();
      server.stop(0);
    }
  }
}
