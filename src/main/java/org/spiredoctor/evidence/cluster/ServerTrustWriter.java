package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.identity.TrustBundle.JwtAuthority;
import org.spiredoctor.identity.TrustBundle.X509Authority;
import org.spiredoctor.kube.Redaction;
import org.spiredoctor.spire.server.ServerTrustJson;

/** Writes what {@link ServerTrustJson} reads. */
final class ServerTrustWriter {
  private ServerTrustWriter() {}

  /** Writes a bundle. */
  static void write(JsonGenerator json, TrustBundle bundle) throws IOException {
    json.writeStartObject();
    json.writeStringField("trust_domain", bundle.trustDomain());
    json.writeArrayFieldStart("x509_authorities");
    for (X509Authority one : bundle.x509Authorities()) {
      json.writeStartObject();
      json.writeStringField("subject", Redaction.text(one.subject()));
      writeSeconds(json, "not_before", one.notBefore());
      writeSeconds(json, "not_after", one.notAfter());
      json.writeStringField("sha256", one.sha256());
      json.writeBooleanField("tainted", one.tainted());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("jwt_authorities");
    for (JwtAuthority one : bundle.jwtAuthorities()) {
      json.writeStartObject();
      json.writeStringField("key_id", one.keyId());
      writeSeconds(json, "expires_at", one.expiresAt());
      json.writeBooleanField("tainted", one.tainted());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringField("sequence_number", String.valueOf(bundle.sequenceNumber()));
    json.writeStringField(
        "refresh_hint", String.valueOf(bundle.refreshHint().map(Duration::toSeconds).orElse(0L)));
    json.writeEndObject();
  }

  /** Writes bundles. */
  static void writeBundles(JsonGenerator json, List<TrustBundle> bundles) throws IOException {
    json.writeStartArray();
    for (TrustBundle bundle : bundles) {
      write(json, bundle);
    }
    json.writeEndArray();
  }

  /** Writes relationships. */
  static void writeRelationships(JsonGenerator json, List<FederationRelationship> relationships)
      throws IOException {
    json.writeStartArray();
    for (FederationRelationship one : relationships) {
      json.writeStartObject();
      json.writeStringField("trust_domain", one.trustDomain());
      json.writeStringField("bundle_endpoint_url", Redaction.text(one.bundleEndpointUrl()));
      switch (one.profile()) {
        case HTTPS_WEB -> {
          json.writeObjectFieldStart("https_web");
          json.writeEndObject();
        }
        case HTTPS_SPIFFE -> {
          json.writeObjectFieldStart("https_spiffe");
          json.writeStringField("endpoint_spiffe_id", one.endpointSpiffeId().orElse(""));
          json.writeEndObject();
        }
        case OTHER -> {}
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Writes what a server tells of itself. */
  static void write(JsonGenerator json, ServerInfo info) throws IOException {
    json.writeStartObject();
    json.writeNumberField("uptime", info.uptime().toSeconds());
    json.writeArrayFieldStart("svid_chain");
    for (ServerInfo.Certificate one : info.svidChain()) {
      json.writeStartObject();
      json.writeObjectFieldStart("id");
      json.writeStringField("trust_domain", SpiffeIds.trustDomain(one.id()));
      json.writeStringField("path", SpiffeIds.path(one.id()));
      json.writeEndObject();
      json.writeStringField("subject", Redaction.text(one.subject()));
      writeSeconds(json, "expires_at", one.expiresAt());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeSeconds(JsonGenerator json, String field, Optional<Instant> time)
      throws IOException {
    json.writeStringField(field, String.valueOf(time.map(Instant::getEpochSecond).orElse(0L)));
  }
}
