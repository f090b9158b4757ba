package org.spiredoctor.spire.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.TreeSet;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;

/**
 * Entries as {@code spire-server entry create -data -} and {@code entry update -data -} read them:
 * not as {@code entry show -output json} prints them. What it does not know it skips without a
 * word, so that {@code expires_at} would be no end at all.
 */
final class EntriesJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private EntriesJson() {}

  private interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  /** Whole entries. */
  static byte[] of(List<Entry> entries) {
    return bytes(
        json -> {
          json.writeArrayFieldStart("entries");
          for (Entry entry : entries) {
            write(json, entry);
          }
          json.writeEndArray();
        });
  }

  /** Ids of entries, for {@code entry delete -file -}. */
  static byte[] ids(List<String> ids) {
    return bytes(json -> texts(json, "ids", ids));
  }

  private static byte[] bytes(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      content.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing into memory", e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, Entry entry) throws IOException {
    Entry.Settings settings = entry.settings();
    json.writeStartObject();
    if (!entry.id().isEmpty()) {
      json.writeStringField("entry_id", entry.id());
    }
    json.writeStringField("spiffe_id", entry.spiffeId());
    json.writeStringField("parent_id", entry.parentId());
    json.writeArrayFieldStart("selectors");
    for (Selector selector : new TreeSet<>(entry.selectors())) {
      json.writeStartObject();
      json.writeStringField("type", selector.type());
      json.writeStringField("value", selector.value());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("x509_svid_ttl", settings.x509SvidTtl());
    json.writeNumberField("jwt_svid_ttl", settings.jwtSvidTtl());
    texts(json, "federates_with", entry.federatesWith());
    texts(json, "dns_names", settings.dnsNames());
    json.writeBooleanField("admin", settings.admin());
    json.writeBooleanField("downstream", entry.downstream());
    json.writeBooleanField("store_svid", entry.storeSvid());
    json.writeStringField("hint", entry.hint());
    if (entry.expiresAt().isPresent()) {
      json.writeNumberField("entryExpiry", entry.expiresAt().get().getEpochSecond());
    }
    if (settings.jwtSvidIncludeJti() || settings.disableX509SvidPrefetch()) {
      json.writeObjectFieldStart("additional_attributes");
      json.writeBooleanField("jwt_svid_include_jti", settings.jwtSvidIncludeJti());
      json.writeBooleanField("disable_x509_svid_prefetch", settings.disableX509SvidPrefetch());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void texts(JsonGenerator json, String field, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
