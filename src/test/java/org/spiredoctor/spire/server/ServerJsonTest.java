package org.spiredoctor.spire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Redaction;

/** What a server's program prints is held item by item, and no item without an end. */
class ServerJsonTest {
  private static final String START = "{\"entries\":[{\"id\":\"one\"},";

  private static InputStream endless(String start, String more) {
    byte[] again = more.getBytes(StandardCharsets.UTF_8);
    return new SequenceInputStream(
        new ByteArrayInputStream(start.getBytes(StandardCharsets.UTF_8)),
        new InputStream() {
          private int at;

          @Override
          public int read() {
            return again[at++ % again.length];
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            for (int i = 0; i < length; i++) {
              into[offset + i] = again[at++ % again.length];
            }
            at %= again.length;
            return length;
          }
        });
  }

  @Test
  void oneItemWithoutAnEnd() {
    assertThatThrownBy(
            () ->
                new ServerJson(Redaction::text)
                    .entries(endless(START + "{\"id\":\"two\",\"dns_names\":[\"a\"", ",\"a\"")))
        .isInstanceOf(IOException.class)
        .hasMessage("one item of the list is larger than any that SPIRE keeps");
  }

  @Test
  void itemsWithoutAnEnd() {
    assertThatThrownBy(
            () ->
                ServerJson.items(
                    endless("{\"entries\":[{}", ",{}"), "entries", ServerJsonTest::skipped))
        .isInstanceOf(IOException.class)
        .hasMessage("it lists more than 2000000 entries");
  }

  private static int skipped(JsonParser item) throws IOException {
    item.skipChildren();
    return 1;
  }

  @Test
  void largeFieldsThatAreNotWantedAreSkipped() throws IOException {
    String other =
        "{\"other\":[\"" + "x".repeat(6 * 1024 * 1024) + "\"],\"entries\":[{\"id\":\"one\"}]}";
    assertThat(
            new ServerJson(Redaction::text)
                .entries(new ByteArrayInputStream(other.getBytes(StandardCharsets.UTF_8))))
        .extracting("id")
        .containsExactly("one");
  }

  private static List<Entry> entries(String json) throws IOException {
    return new ServerJson(Redaction::text).entries(stream(json));
  }

  /** As 1.15.3 prints it, and with an end, attributes and all. */
  @Test
  void anEntryWithEverything() throws IOException {
    assertThat(
            entries(
                """
                {"entries":[{"additional_attributes":{"disable_x509_svid_prefetch":true,
                 "jwt_svid_include_jti":true},"admin":true,"created_at":"1795836862",
                 "dns_names":["web","web.team"],"downstream":true,"expires_at":"1795836999",
                 "federates_with":["other.org"],"hint":"db",
                 "id":"a6f1a2ec-aa30-4243-a8e0-3b4938bc5889","jwt_svid_ttl":30,
                 "parent_id":{"path":"/agent","trust_domain":"example.org"},
                 "revision_number":"7","selectors":[{"type":"k8s","value":"ns:team"},
                 {"type":"k8s","value":"sa:web"}],
                 "spiffe_id":{"path":"/web","trust_domain":"example.org"},"store_svid":true,
                 "x509_svid_ttl":60}],"next_page_token":""}
                """))
        .containsExactly(
            new Entry(
                "a6f1a2ec-aa30-4243-a8e0-3b4938bc5889",
                "spiffe://example.org/web",
                "spiffe://example.org/agent",
                Set.of(new Selector("k8s", "ns:team"), new Selector("k8s", "sa:web")),
                Optional.of(Instant.ofEpochSecond(1_795_836_999)),
                Optional.of(Instant.ofEpochSecond(1_795_836_862)),
                true,
                true,
                "db",
                List.of("other.org"),
                new Entry.Settings(true, 60, 30, List.of("web", "web.team"), true, true),
                7));
  }

  /** A field of another type is as if it were not set, and hides no entry. */
  @Test
  void oddEntries() throws IOException {
    Entry none = Entry.of("spiffe://", "spiffe://", Set.of());
    assertThat(
            entries(
                """
                {"entries":[{},
                 {"id":null,"hint":{"a":["b"]},"spiffe_id":"x","parent_id":[{"path":"y"}],
                  "selectors":{"type":"k8s"},"dns_names":"web","federates_with":null,
                  "additional_attributes":[true],"expires_at":[1],"admin":"perhaps",
                  "x509_svid_ttl":"soon","revision_number":{},"unknown":[{"id":"z"}]},
                 {"x509_svid_ttl":123456789012345678901234567890,"id":"large"},
                 {"id":"last"}]}
                """))
        .extracting(Entry::key, Entry::id, Entry::hint, Entry::expiresAt, Entry::revision)
        .containsExactly(
            tuple(none.key(), "", "", Optional.empty(), 0L),
            tuple(none.key(), "", "", Optional.empty(), 0L),
            tuple(none.key(), "large", "", Optional.empty(), 0L),
            tuple(none.key(), "last", "", Optional.empty(), 0L));
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
