package org.spiredoctor.spire.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.identity.FullEntry;
import org.spiredoctor.identity.Selector;

/** Entries, read and updated over the API of the server. */
class ServerApiEntriesTest extends ServerApiTestSupport {
  @Test
  void everyFieldOfAnEntryIsRead() throws ServerException {
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
  void entriesComePageByPageAndEqualPartsAreHeldOnce() throws ServerException {
    List<Entry> entries = ask(ENTRIES, ServerApiEntriesTest::page, ServerApi::entries);
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
    ServerException refused =
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
  void oneEntryIsReadByItsId() throws ServerException {
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
  void anUpdateSendsTheFieldsThatAreMeantToChangeAndTheirMask() throws ServerException {
    Entry seen =
        Entry.of("spiffe://example.org/a", "spiffe://example.org/b", Set.of(Selector.k8s("ns:x")));
    Entry one = seen.named("e1", "");
    Entry two = FullEntry.unnamed().named("e2", "internal");
    List<byte[]> requests = new ArrayList<>();
    List<EntryResult> statuses =
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
    assertThat(statuses).extracting(EntryResult::code).containsExactly(1, 2);
  }

  @Test
  void updatesOfOneKindAreOneRequest() throws ServerException {
    AtomicInteger requests = new AtomicInteger();
    Entry seen =
        Entry.of("spiffe://example.org/a", "spiffe://example.org/b", Set.of(Selector.k8s("ns:x")));
    List<EntryUpdate> updates = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Entry entry = seen.named("e" + i, "");
      updates.add(new EntryUpdate(entry, entry.named("e" + i, i % 2 == 0 ? "h" + i : "")));
    }
    List<EntryResult> statuses =
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
}
