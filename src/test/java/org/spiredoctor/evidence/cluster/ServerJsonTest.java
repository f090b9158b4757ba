package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

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
                new ServerJson()
                    .entries(endless(START + "{\"id\":\"two\",\"dns_names\":[\"a\"", ",\"a\"")))
        .isInstanceOf(IOException.class)
        .hasMessage("one item of the list is larger than any that SPIRE keeps");
  }

  @Test
  void itemsWithoutAnEnd() {
    assertThatThrownBy(
            () -> ServerJson.items(endless("{\"entries\":[{}", ",{}"), "entries", _ -> 1))
        .isInstanceOf(IOException.class)
        .hasMessage("it lists more than 1000000 entries");
  }

  @Test
  void largeFieldsThatAreNotWantedAreSkipped() throws IOException {
    String other =
        "{\"other\":[\"" + "x".repeat(6 * 1024 * 1024) + "\"],\"entries\":[{\"id\":\"one\"}]}";
    assertThat(
            new ServerJson()
                .entries(new ByteArrayInputStream(other.getBytes(StandardCharsets.UTF_8))))
        .extracting("id")
        .containsExactly("one");
  }
}
