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

  /** Entries as field 1; without a mask, so that they come back as the server has them then. */
  static byte[] entries(List<Entry> entries) {
    return message(
        out -> {
          for (Entry entry : entries) {
            out.writeByteArray(1, message(one -> write(one, entry, FieldMask.ALL)));
          }
        });
  }

  /**
   * Updates as {@code BatchUpdateEntryRequest}: of each entry its id and the fields of the mask,
   * and nothing else. What comes back are the ids.
   */
  static byte[] updates(List<Entry> entries, FieldMask mask) {
    return message(
        out -> {
          for (Entry entry : entries) {
            out.writeByteArray(1, message(one -> write(one, entry, mask)));
          }
          out.writeByteArray(
              2,
              message(
                  flags -> {
                    for (int field : mask.fields()) {
                      flags.writeBool(field, true);
                    }
                  }));
          out.writeByteArray(3, new byte[0]);
        });
  }

  /** One id as field 1. */
  static byte[] id(String field1) {
    return message(out -> out.writeString(1, field1));
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

  private static void write(CodedOutputStream out, Entry entry, FieldMask mask) throws IOException {
    text(out, FieldMask.ID, entry.id());
    for (int field : mask.fields()) {
      write(out, entry, field);
    }
  }

  private static void write(CodedOutputStream out, Entry entry, int field) throws IOException {
    Entry.Settings settings = entry.settings();
    switch (field) {
      case FieldMask.SPIFFE_ID -> out.writeByteArray(field, spiffeId(entry.spiffeId()));
      case FieldMask.PARENT_ID -> out.writeByteArray(field, spiffeId(entry.parentId()));
      case FieldMask.SELECTORS -> {
        for (Selector selector : new TreeSet<>(entry.selectors())) {
          out.writeByteArray(field, pair(selector.type(), selector.value()));
        }
      }
      case FieldMask.X509_SVID_TTL -> number(out, field, settings.x509SvidTtl());
      case FieldMask.FEDERATES_WITH -> texts(out, field, entry.federatesWith());
      case FieldMask.ADMIN -> flag(out, field, settings.admin());
      case FieldMask.DOWNSTREAM -> flag(out, field, entry.downstream());
      case FieldMask.EXPIRES_AT -> {
        if (entry.expiresAt().isPresent()) {
          out.writeInt64(field, entry.expiresAt().get().getEpochSecond());
        }
      }
      case FieldMask.DNS_NAMES -> texts(out, field, settings.dnsNames());
      case FieldMask.STORE_SVID -> flag(out, field, entry.storeSvid());
      case FieldMask.JWT_SVID_TTL -> number(out, field, settings.jwtSvidTtl());
      case FieldMask.HINT -> text(out, field, entry.hint());
      case FieldMask.ATTRIBUTES -> {
        if (settings.disableX509SvidPrefetch() || settings.jwtSvidIncludeJti()) {
          out.writeByteArray(
              field,
              message(
                  attributes -> {
                    flag(attributes, 1, settings.disableX509SvidPrefetch());
                    flag(attributes, 2, settings.jwtSvidIncludeJti());
                  }));
        }
      }
      default -> throw new IllegalArgumentException("an entry has no field " + field);
    }
  }

  private static void texts(CodedOutputStream out, int field, List<String> texts)
      throws IOException {
    for (String text : texts) {
      out.writeString(field, text);
    }
  }

  private static byte[] spiffeId(String id) {
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
