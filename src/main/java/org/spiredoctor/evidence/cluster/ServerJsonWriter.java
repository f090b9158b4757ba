package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.kube.Redaction;
import org.spiredoctor.spire.server.ServerJson;

/** Writes entries and agents into an evidence bundle, as {@link ServerJson} reads them. */
final class ServerJsonWriter {
  private ServerJsonWriter() {}

  /** Writes entries as they are read: of what is not set nothing, as there are a million. */
  static void writeEntries(JsonGenerator json, List<Entry> entries) throws IOException {
    json.writeStartArray();
    for (Entry entry : entries) {
      Entry.Settings settings = entry.settings();
      json.writeStartObject();
      json.writeStringField("id", entry.id());
      writeId(json, "spiffe_id", entry.spiffeId());
      writeId(json, "parent_id", entry.parentId());
      writeSelectors(json, entry.selectors());
      writeSeconds(json, "expires_at", entry.expiresAt());
      writeSeconds(json, "created_at", entry.createdAt());
      writeTrue(json, "downstream", entry.downstream());
      writeTrue(json, "store_svid", entry.storeSvid());
      if (!entry.hint().isEmpty()) {
        // Registering compares it as it is; nothing that is found out of a bundle depends on it.
        json.writeStringField("hint", Redaction.text(entry.hint()));
      }
      writeTexts(json, "federates_with", entry.federatesWith());
      writeTrue(json, "admin", settings.admin());
      writeNumber(json, "x509_svid_ttl", settings.x509SvidTtl());
      writeNumber(json, "jwt_svid_ttl", settings.jwtSvidTtl());
      writeTexts(json, "dns_names", settings.dnsNames());
      if (entry.revision() != 0) {
        json.writeStringField("revision_number", String.valueOf(entry.revision()));
      }
      if (settings.jwtSvidIncludeJti() || settings.disableX509SvidPrefetch()) {
        json.writeObjectFieldStart(ServerJson.ATTRIBUTES);
        writeTrue(json, "jwt_svid_include_jti", settings.jwtSvidIncludeJti());
        writeTrue(json, "disable_x509_svid_prefetch", settings.disableX509SvidPrefetch());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Writes agents as they are read. */
  static void writeAgents(JsonGenerator json, List<Agent> agents) throws IOException {
    json.writeStartArray();
    for (Agent agent : agents) {
      json.writeStartObject();
      writeId(json, "id", agent.id());
      json.writeStringField("attestation_type", agent.attestationType());
      writeSelectors(json, agent.selectors());
      json.writeBooleanField("banned", agent.banned());
      json.writeBooleanField("can_reattest", agent.canReattest());
      writeSeconds(json, "x509svid_expires_at", agent.expiresAt());
      json.writeStringField("agent_version", agent.version().map(Redaction::text).orElse(""));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeId(JsonGenerator json, String field, String id) throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("trust_domain", SpiffeIds.trustDomain(id));
    json.writeStringField("path", SpiffeIds.path(id));
    json.writeEndObject();
  }

  private static void writeSelectors(JsonGenerator json, Set<Selector> selectors)
      throws IOException {
    json.writeArrayFieldStart("selectors");
    for (Selector selector : new TreeSet<>(selectors)) {
      json.writeStartObject();
      json.writeStringField("type", selector.type());
      json.writeStringField("value", selector.value());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeTexts(JsonGenerator json, String field, List<String> texts)
      throws IOException {
    if (!texts.isEmpty()) {
      json.writeArrayFieldStart(field);
      for (String text : texts) {
        json.writeString(text);
      }
      json.writeEndArray();
    }
  }

  private static void writeSeconds(JsonGenerator json, String field, Optional<Instant> time)
      throws IOException {
    if (time.isPresent()) {
      json.writeStringField(field, String.valueOf(time.get().getEpochSecond()));
    }
  }

  private static void writeNumber(JsonGenerator json, String field, int number) throws IOException {
    if (number != 0) {
      json.writeNumberField(field, number);
    }
  }

  private static void writeTrue(JsonGenerator json, String field, boolean value)
      throws IOException {
    if (value) {
      json.writeBooleanField(field, true);
    }
  }
}
