package org.spiredoctor.spire.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.FullEntry;
import org.spiredoctor.identity.Pool;
import org.spiredoctor.identity.Selector;

class EntryWriterTest {
  private static final Entry SPARE =
      Entry.of("spiffe://example.org/a", "spiffe://example.org/b", Set.of(Selector.k8s("ns:x")));

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    List<Entry> entries = List.of(FullEntry.unnamed().named("e1", "internal"), SPARE);
    CodedInputStream in = CodedInputStream.newInstance(EntryWriter.entries(entries));
    List<Entry> read = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    Wire.message(
        in,
        tag -> {
          if (tag == (1 << Wire.FIELD | Wire.BYTES)) {
            read.add(EntryMessageReader.read(in, new Pool()));
            return true;
          }
          others.add(tag >> Wire.FIELD);
          return false;
        });
    assertThat(read).isEqualTo(entries);
    // No mask of what comes back: all of it does.
    assertThat(others).isEmpty();
  }

  @Test
  void theStatusOfEachIsRead() throws IOException {
    Message made =
        new Message().with(1, new Message().with(2, "OK")).with(2, new Message().with(1, "e1"));
    Message refused =
        new Message().with(1, new Message().with(1, 6).with(2, "similar entry already exists"));
    byte[] answer = new Message().with(1, made).with(1, refused).bytes();
    assertThat(ResultReader.all(CodedInputStream.newInstance(answer)))
        .containsExactly(
            new EntryResult(0, "OK"), new EntryResult(6, "similar entry already exists"));
  }

  @Test
  void aNewEntryComesBackAsTheServerHasIt() throws IOException {
    Message made =
        new Message()
            .with(1, new Message().with(2, "OK"))
            .with(2, new Message().with(1, "e1").with(14, "internal"));
    Message refused = new Message().with(1, new Message().with(1, 3).with(2, "no selectors"));
    byte[] answer = new Message().with(1, made).with(1, refused).bytes();
    List<EntryResult> said = ResultReader.withEntries(CodedInputStream.newInstance(answer));
    assertThat(said).extracting(EntryResult::code).containsExactly(0, 3);
    assertThat(said.getFirst().entry().map(Entry::id)).contains("e1");
    assertThat(said.getFirst().entry().map(Entry::hint)).contains("internal");
    assertThat(said.getLast().entry()).isEmpty();
  }
}
