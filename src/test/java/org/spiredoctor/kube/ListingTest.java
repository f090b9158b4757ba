package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a list is asked for: page by page, with few bytes, and not more than a server can bear. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListingTest {
  private static final String EMPTY = "{\"metadata\":{},\"items\":[]}";

  private static String page(int from, int to, String next) {
    StringBuilder items = new StringBuilder();
    for (int i = from; i < to; i++) {
      items.append(i == from ? "" : ",").append("{\"metadata\":{\"name\":\"web-" + i + "\"}}");
    }
    return "{\"metadata\":{\"continue\":\"" + next + "\"},\"items\":[" + items + "]}";
  }

  @Test
  void pagesAreReadOneAfterTheOther() throws Exception {
    try (ApiServer server =
            ApiServer.plain(
                (request, out) ->
                    ApiServer.json(
                        out,
                        200,
                        request.path().contains("continue=more")
                            ? page(500, 700, "")
                            : page(0, 500, "more")));
        KubeApi api = PlainApi.at(server.port())) {
      Listing listing = api.listing(Kind.POD, Optional.of("apps"));
      assertThat(listing.isComplete()).isFalse();
      List<Integer> counts = new ArrayList<>();
      listing.readPage(counts::add);
      assertThat(listing.isComplete()).isFalse();
      assertThat(counts).hasSize(500).endsWith(500);
      assertThat(listing.all(counts::add)).hasSize(700);
      assertThat(counts).endsWith(700);
      assertThat(server.requests())
          .extracting(ApiServer.Request::path)
          .containsExactly(
              "/api/v1/namespaces/apps/pods?limit=500",
              "/api/v1/namespaces/apps/pods?limit=500&continue=more");
      assertThat(server.requests().getFirst().header("User-Agent").getFirst())
          .matches("spire-doctor/\\S+ \\(\\S+/\\S+\\)");
    }
  }

  @Test
  void whatSeldomChangesComesFromTheServersCache() throws Exception {
    try (ApiServer server = ApiServer.plain((_, out) -> ApiServer.json(out, 200, EMPTY));
        KubeApi api = PlainApi.at(server.port())) {
      api.list(Kind.NODE, Optional.empty());
      api.list(Kind.DEPLOYMENT, Optional.empty());
      assertThat(server.requests())
          .extracting(ApiServer.Request::path)
          .containsExactly(
              "/api/v1/nodes?limit=500&resourceVersion=0", "/apis/apps/v1/deployments?limit=500");
    }
  }

  @Test
  void anAnswerMayBeCompressed() throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (GZIPOutputStream compressed = new GZIPOutputStream(body)) {
      compressed.write(page(0, 3, "").getBytes(StandardCharsets.UTF_8));
    }
    try (ApiServer server =
            ApiServer.plain((_, out) -> answer(out, "Content-Encoding: gzip", body.toByteArray()));
        KubeApi api = PlainApi.at(server.port())) {
      assertThat(api.list(Kind.POD, Optional.empty())).hasSize(3);
      assertThat(server.requests().getFirst().header("Accept-Encoding")).containsExactly("gzip");
    }
  }

  @Test
  void whatOnlyClaimsToBeCompressedIsNoList() throws Exception {
    try (ApiServer server =
            ApiServer.plain(
                (_, out) ->
                    answer(out, "Content-Encoding: gzip", EMPTY.getBytes(StandardCharsets.UTF_8)));
        KubeApi api = PlainApi.at(server.port())) {
      assertThatThrownBy(() -> api.list(Kind.POD, Optional.empty()))
          .isInstanceOf(KubeException.class)
          .hasMessageContaining("broke off");
    }
  }

  private static void answer(OutputStream out, String header, byte[] body) throws IOException {
    out.write(
        ("HTTP/1.1 200 OK\r\n" + header + "\r\nContent-Length: " + body.length + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    out.write(body);
  }

  private static void tooMany(OutputStream out, String retryAfter) throws IOException {
    out.write(
        ("HTTP/1.1 429 Too Many Requests\r\n" + retryAfter + "Content-Length: 0\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void aServerWithTooMuchToDoIsAskedAgainWhenItSays() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (ApiServer server =
            ApiServer.plain(
                (_, out) -> {
                  if (asked.getAndIncrement() == 0) {
                    tooMany(out, "Retry-After: 1\r\n");
                  } else {
                    ApiServer.json(out, 200, page(0, 2, ""));
                  }
                });
        KubeApi api = PlainApi.at(server.port())) {
      long began = System.nanoTime();
      assertThat(api.list(Kind.POD, Optional.empty())).hasSize(2);
      assertThat(System.nanoTime() - began).isGreaterThan(900_000_000L);
      assertThat(asked).hasValue(2);
    }
  }

  @Test
  void butNotWhenThatIsInAnHour() throws Exception {
    try (ApiServer server = ApiServer.plain((_, out) -> tooMany(out, "Retry-After: 3600\r\n"));
        KubeApi api = PlainApi.at(server.port())) {
      assertThatThrownBy(() -> api.list(Kind.POD, Optional.empty()))
          .isInstanceOf(KubeException.class)
          .hasMessageContaining("429");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void notMoreThanEightRequestsAreAnsweredAtATime() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch eight = new CountDownLatch(8);
    try (ApiServer server =
            ApiServer.plain(
                (_, out) -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  eight.countDown();
                  await(eight);
                  now.decrementAndGet();
                  ApiServer.json(out, 200, EMPTY);
                });
        KubeApi api = PlainApi.at(server.port());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        all.add(threads.submit(() -> api.list(Kind.POD, Optional.empty())));
      }
      for (Future<?> one : all) {
        one.get();
      }
      assertThat(most).hasValue(8);
      assertThat(server.requests()).hasSize(40);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
