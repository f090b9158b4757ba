package org.spiredoctor.spire.server;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.TreeSet;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;

/** Writes {@code spire.api.types.Entry}, and the questions of the batches that hold it. */
final class EntryWriter {
  private EntryWriter() {}

  private interface Content {
    void write(CodedOutputStream out) throws IOException;
  }

  /**
   * Entries as field 1.
   *
   * @param maskField that says what comes back; an empty mask: the ids
   */
  static byte[] entries(List<Entry> entries, int maskField) {
    return message(
        out -> {
          for (Entry entry : entries) {
            out.writeByteArray(1, message(one -> write(one, entry)));
          }
          out.writeByteArray(maskField, new byte[0]);
        });
  }

  /** Ids as field 1. */
  static byte[] ids(List<String> ids) {
    return message(
        out -> {
          for (String id : ids) {
            out.writeString(1, id);
          }
        });
  }

  private static void write(CodedOutputStream out, Entry entry) throws IOException {
    Entry.Settings settings = entry.settings();
    text(out, 1, entry.id());
    out.writeByteArray(2, id(entry.spiffeId()));
    out.writeByteArray(3, id(entry.parentId()));
    for (Selector selector : new TreeSet<>(entry.selectors())) {
      out.writeByteArray(4, pair(selector.type(), selector.value()));
    }
    number(out, 5, settings.x509SvidTtl());
    for (String domain : entry.federatesWith()) {
      out.writeString(6, domain);
    }
    flag(out, 7, settings.admin());
    flag(out, 8, entry.downstream());
    if (entry.expiresAt().isPresent()) {
      out.writeInt64(9, entry.expiresAt().get().getEpochSecond());
    }
    for (String name : settings.dnsNames()) {
      out.writeString(10, name);
    }
    flag(out, 12, entry.storeSvid());
    number(out, 13, settings.jwtSvidTtl());
    text(out, 14, entry.hint());
    if (settings.disableX509SvidPrefetch() || settings.jwtSvidIncludeJti()) {
      out.writeByteArray(
          16,
          message(
              attributes -> {
                flag(attributes, 1, settings.disableX509SvidPrefetch());
                flag(attributes, 2, settings.jwtSvidIncludeJti());
              }));
    }
  }

  private static byte[] id(String id) {
    return pair(SpiffeIds.trustDomain(id), SpiffeIds.path(id));
  }

  private static byte[] pair(String first, String second) {
    return message(
        out -> {
          text(out, 1, first);
          text(out, 2, second);
        });
  }

  private static void text(CodedOutputStream out, int field, String text) throws IOException {
    if (!text.isEmpty()) {
      out.writeString(field, text);
    }
  }

  private static void number(CodedOutputStream out, int field, int number) throws IOException {
    if (number != 0) {
      out.writeInt32(field, number);
    }
  }

  private static void flag(CodedOutputStream out, int field, boolean is) throws IOException {
    if (is) {
      out.writeBool(field, true);
    }
  }

  private static byte[] message(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      content.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing into memory", e);
    }
    return bytes.toByteArray();
  }
}
