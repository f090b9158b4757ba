package org.spiredoctor.spire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.CodedInputStream;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.FederationRelationship.Profile;
import org.spiredoctor.identity.FullEntry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.simulator.Authority;
import org.spiredoctor.simulator.Fault;
import org.spiredoctor.simulator.SimulatedAgent;
import org.spiredoctor.simulator.SimulatedServer;

/** The client of the server's API against a simulated one, over a real Unix socket. */
class ServerApiTest {
  private static final String ENTRIES = "spire.api.server.entry.v1.Entry/ListEntries";
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir private Path directory;

  private interface Question<T> {
    T ask(ServerApi api) throws ServerApiException;
  }

  private <T> T ask(String method, UnaryOperator<byte[]> answer, Question<T> question)
      throws ServerApiException {
    Path socket = directory.resolve("api.sock");
    try (SimulatedServer _ = SimulatedServer.local(socket, Map.of(method, answer));
        ServerApi api = ServerApi.local(socket, LIMIT)) {
      return question.ask(api);
    }
  }

  private static ServerApiException refusal(ThrowingCallable asking) {
    return catchThrowableOfType(ServerApiException.class, asking);
  }

  @Test
  void everyFieldOfAnEntryIsRead() throws ServerApiException {
    Message entry =
        new Message()
            .with(1, "e1")
            .with(2, Message.id("example.org", "/web"))
            .with(3, Message.id("example.org", "/node"))
            .with(4, new Message().with(1, "k8s").with(2, "ns:apps"))
            .with(4, new Message().with(1, "k8s").with(2, "sa:web"))
            .with(5, 600)
            .with(6, "other.org")
            .with(7, 1)
            .with(8, 1)
            .with(9, 1795509166)
            .with(10, "web.apps")
            .with(11, 5)
            .with(12, 1)
            .with(13, 300)
            .with(14, "external")
            .with(15, 1795500000)
            .with(16, new Message().with(1, 1).with(2, 1))
            // What a later server may say.
            .with(99, new Message().with(1, "x"))
            .with(98, 7);
    assertThat(ask(ENTRIES, _ -> new Message().with(1, entry).bytes(), ServerApi::entries))
        .containsExactly(
            new Entry(
                "e1",
                "spiffe://example.org/web",
                "spiffe://example.org/node",
                Set.of(Selector.k8s("ns:apps"), Selector.k8s("sa:web")),
                Optional.of(Instant.ofEpochSecond(1795509166)),
                Optional.of(Instant.ofEpochSecond(1795500000)),
                true,
                true,
                "external",
                List.of("other.org"),
                new Entry.Settings(true, 600, 300, List.of("web.apps"), true, true),
                5));
  }

  @Test
  void entriesComePageByPageAndEqualPartsAreHeldOnce() throws ServerApiException {
    List<Entry> entries = ask(ENTRIES, ServerApiTest::page, ServerApi::entries);
    assertThat(entries).hasSize(2500).extracting(Entry::id).doesNotHaveDuplicates();
    assertThat(entries.getFirst().parentId()).isSameAs(entries.getLast().parentId());
    assertThat(entries.getFirst().selectors().iterator().next())
        .isSameAs(entries.getLast().selectors().iterator().next());
  }

  /** As many as are asked for, from where the token says, of 2500. */
  private static byte[] page(byte[] question) {
    int[] size = {0};
    int[] from = {0};
    try {
      CodedInputStream in = CodedInputStream.newInstance(question);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag >>> 3) {
          case 3 -> size[0] = in.readInt32();
          case 4 -> from[0] = Integer.parseInt(in.readString());
          default -> throw new AssertionError("field " + (tag >>> 3));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int to = Math.min(2500, from[0] + size[0]);
    Message page = new Message();
    for (int i = from[0]; i < to; i++) {
      page.with(
          1,
          new Message()
              .with(1, "e" + i)
              .with(2, Message.id("example.org", "/w" + i))
              .with(3, Message.id("example.org", "/node"))
              .with(4, new Message().with(1, "unix").with(2, "uid:0")));
    }
    return to < 2500 ? page.with(2, String.valueOf(to)).bytes() : page.bytes();
  }

  @Test
  void aServerThatGivesTheSamePagesForeverIsLeft() {
    AtomicInteger asked = new AtomicInteger();
    ServerApiException refused =
        refusal(
            () ->
                ask(
                    ENTRIES,
                    _ ->
                        new Message().with(2, asked.incrementAndGet() % 2 == 0 ? "a" : "b").bytes(),
                    ServerApi::entries));
    assertThat(refused.answer()).contains("the same page again and again");
    assertThat(asked.get()).isEqualTo(3);
  }

  @Test
  void oneEntryIsReadByItsId() throws ServerApiException {
    String method = "spire.api.server.entry.v1.Entry/GetEntry";
    byte[] asked = new Message().with(1, "e1").bytes();
    Message entry = new Message().with(1, "e1").with(2, Message.id("example.org", "/web"));
    Optional<Entry> there =
        ask(
            method,
            question -> {
              assertThat(question).isEqualTo(asked);
              return entry.with(7, 1).with(11, 3).bytes();
            },
            api -> api.entry("e1"));
    assertThat(there.map(Entry::spiffeId)).hasValue("spiffe://example.org/web");
    assertThat(there.map(e -> e.settings().admin())).hasValue(true);
    assertThat(there.map(Entry::revision)).hasValue(3L);
    UnaryOperator<byte[]> gone =
        _ -> {
          throw Status.NOT_FOUND.withDescription("entry not found").asRuntimeException();
        };
    Optional<Entry> none = ask(method, gone, api -> api.entry("e1"));
    assertThat(none).isEmpty();
  }

  /** Nothing of an entry is sent that is not meant to change: it may be another by now. */
  @Test
  void anUpdateSendsTheFieldsThatAreMeantToChangeAndTheirMask() throws ServerApiException {
    Entry seen =
        Entry.of("spiffe://example.org/a", "spiffe://example.org/b", Set.of(Selector.k8s("ns:x")));
    Entry one = seen.named("e1", "");
    Entry two = FullEntry.unnamed().named("e2", "internal");
    List<byte[]> requests = new ArrayList<>();
    List<EntryStatus> statuses =
        ask(
            "spire.api.server.entry.v1.Entry/BatchUpdateEntry",
            request -> {
              requests.add(request);
              return new Message()
                  .with(1, new Message().with(1, new Message().with(1, requests.size())))
                  .bytes();
            },
            api ->
                api.update(
                    List.of(
                        new EntryUpdate(
                            one, one.moved(one.parentId(), Set.of(Selector.k8s("ns:y")))),
                        new EntryUpdate(two, two.named("e2", "other").withoutEnd()))));
    Message selectors =
        new Message().with(1, "e1").with(4, new Message().with(1, "k8s").with(2, "ns:y"));
    // expires_at and hint: an end is taken away by a mask without a value.
    Message rest = new Message().with(1, "e2").with(14, "other");
    assertThat(requests)
        .containsExactly(
            new Message()
                .with(1, selectors)
                .with(2, new Message().with(4, 1))
                .with(3, new byte[0])
                .bytes(),
            new Message()
                .with(1, rest)
                .with(2, new Message().with(9, 1).with(14, 1))
                .with(3, new byte[0])
                .bytes());
    assertThat(statuses).extracting(EntryStatus::code).containsExactly(1, 2);
  }

  @Test
  void updatesOfOneKindAreOneRequest() throws ServerApiException {
    AtomicInteger requests = new AtomicInteger();
    Entry seen =
        Entry.of("spiffe://example.org/a", "spiffe://example.org/b", Set.of(Selector.k8s("ns:x")));
    List<EntryUpdate> updates = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Entry entry = seen.named("e" + i, "");
      updates.add(new EntryUpdate(entry, entry.named("e" + i, i % 2 == 0 ? "h" + i : "")));
    }
    List<EntryStatus> statuses =
        ask(
            "spire.api.server.entry.v1.Entry/BatchUpdateEntry",
            _ -> {
              requests.incrementAndGet();
              return new byte[0];
            },
            api -> api.update(updates));
    assertThat(requests).hasValue(2);
    assertThat(statuses).hasSize(100).allMatch(status -> status.message().contains("nothing"));
  }

  @Test
  void agentsAreRead() throws ServerApiException {
    Message agent =
        new Message()
            .with(1, Message.id("example.org", "/spire/agent/k8s_psat/demo/u"))
            .with(2, "k8s_psat")
            .with(3, "322298330490027646")
            .with(4, 1795512766)
            .with(5, new Message().with(1, "k8s_psat").with(2, "cluster:demo"))
            .with(6, 1)
            .with(7, 1)
            .with(8, "1.15.3");
    assertThat(
            ask(
                "spire.api.server.agent.v1.Agent/ListAgents",
                _ -> new Message().with(1, agent).bytes(),
                ServerApi::agents))
        .containsExactly(
            new Agent(
                "spiffe://example.org/spire/agent/k8s_psat/demo/u",
                "k8s_psat",
                Set.of(new Selector("k8s_psat", "cluster:demo")),
                true,
                true,
                Optional.of(Instant.ofEpochSecond(1795512766)),
                Optional.of("1.15.3")));
  }

  @Test
  void bundlesAreReadWithoutTheirKeys() throws ServerApiException {
    Message bundle =
        new Message()
            .with(1, "example.org")
            .with(2, new Message().with(1, new Authority("example.org").bundle()).with(2, 1))
            .with(2, new Message().with(1, new byte[] {1, 2}))
            .with(3, new Message().with(1, new byte[] {3}).with(2, "kid").with(3, 1795512766))
            .with(4, 300)
            .with(5, 9);
    TrustBundle own =
        ask("spire.api.server.bundle.v1.Bundle/GetBundle", _ -> bundle.bytes(), ServerApi::bundle);
    assertThat(own.trustDomain()).isEqualTo("example.org");
    assertThat(own.sequenceNumber()).isEqualTo(9);
    assertThat(own.refreshHint()).contains(Duration.ofMinutes(5));
    assertThat(own.x509Authorities()).hasSize(2);
    assertThat(own.x509Authorities().getFirst().tainted()).isTrue();
    assertThat(own.x509Authorities().getFirst().notAfter()).isPresent();
    assertThat(own.x509Authorities().getLast().subject()).startsWith("not a certificate: ");
    assertThat(own.jwtAuthorities())
        .containsExactly(
            new TrustBundle.JwtAuthority(
                "kid", Optional.of(Instant.ofEpochSecond(1795512766)), false));
    assertThat(
            ask(
                "spire.api.server.bundle.v1.Bundle/ListFederatedBundles",
                _ -> new Message().with(1, bundle).bytes(),
                ServerApi::federatedBundles))
        .containsExactly(own);
  }

  @Test
  void federationIsRead() throws ServerApiException {
    Message answer =
        new Message()
            .with(
                1,
                new Message()
                    .with(1, "other.org")
                    .with(2, "https://user:pass@other.org/bundle")
                    .with(4, new Message().with(1, "spiffe://other.org/b").with(2, new Message())))
            .with(
                1,
                new Message()
                    .with(1, "web.org")
                    .with(2, "https://web.org/bundle")
                    .with(3, new Message()));
    assertThat(
            ask(
                "spire.api.server.trustdomain.v1.TrustDomain/ListFederationRelationships",
                _ -> answer.bytes(),
                ServerApi::federationRelationships))
        .containsExactly(
            new FederationRelationship(
                "other.org",
                "https://other.org/bundle",
                Profile.HTTPS_SPIFFE,
                Optional.of("spiffe://other.org/b")),
            new FederationRelationship(
                "web.org", "https://web.org/bundle", Profile.HTTPS_WEB, Optional.empty()));
  }

  @Test
  void theServerTellsOfItself() throws ServerApiException {
    Message answer =
        new Message()
            .with(
                1,
                new Message()
                    .with(1, Message.id("example.org", "/spire/server"))
                    .with(2, 1795512766)
                    .with(3, "O=SPIRE,C=US"))
            .with(2, 343);
    assertThat(ask("spire.api.server.debug.v1.Debug/GetInfo", _ -> answer.bytes(), ServerApi::info))
        .isEqualTo(
            new ServerInfo(
                Duration.ofSeconds(343),
                List.of(
                    new ServerInfo.Certificate(
                        "spiffe://example.org/spire/server",
                        "O=SPIRE,C=US",
                        Optional.of(Instant.ofEpochSecond(1795512766))))));
  }

  @ParameterizedTest
  @CsvSource({"0, UNKNOWN", "1, SERVING", "2, NOT_SERVING"})
  void healthIsToldInWords(int status, String words) throws ServerApiException {
    assertThat(
            ask(
                "grpc.health.v1.Health/Check",
                _ -> new Message().with(1, status).bytes(),
                ServerApi::health))
        .isEqualTo(words);
  }

  @Test
  void aRefusalIsTold() {
    ServerApiException refused =
        refusal(
            () ->
                ask(
                    ENTRIES,
                    _ -> {
                      throw Status.PERMISSION_DENIED
                          .withDescription("authorization denied for method /" + ENTRIES)
                          .asRuntimeException();
                    },
                    ServerApi::entries));
    assertThat(refused.code()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(refused.answer()).startsWith("PermissionDenied: authorization denied for method");
    assertThat(refused.asked()).startsWith("ListEntries of the SPIRE server at unix:///");
  }

  @Test
  void whatIsNoMessageIsTold() {
    // A field that says it is longer than all there is.
    byte[] broken = {1 << 3 | 2, 100, 1};
    assertThat(refusal(() -> ask(ENTRIES, _ -> broken, ServerApi::entries)).answer())
        .contains("the answer is no message of SPIRE's API");
  }

  @Test
  void thereIsNoSocket() {
    ServerApiException refused =
        refusal(
            () -> {
              try (ServerApi api = ServerApi.local(directory.resolve("none.sock"), LIMIT)) {
                api.entries();
              }
            });
    assertThat(refused.answer()).contains("No such file");
  }

  @Test
  void aServerThatSaysNothingIsLeftInTime() {
    long began = System.nanoTime();
    try (SimulatedAgent agent = SimulatedAgent.start(directory.resolve("api.sock"), Fault.SILENT)) {
      ServerApiException refused =
          refusal(
              () -> {
                try (ServerApi api = ServerApi.local(agent.socket(), Duration.ofSeconds(1))) {
                  api.entries();
                }
              });
      assertThat(refused.answer()).isEqualTo("no answer in 1 s");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
  }
}
