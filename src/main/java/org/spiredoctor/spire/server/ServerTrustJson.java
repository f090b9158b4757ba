package org.spiredoctor.spire.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.FederationRelationship.Profile;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.identity.TrustBundle.JwtAuthority;
import org.spiredoctor.identity.TrustBundle.X509Authority;
import org.spiredoctor.spire.Authorities;

/**
 * Reads what {@code spire-server … -output json} prints of bundles, federation and itself, and the
 * same from an evidence bundle, where certificates are told and not held.
 */
public final class ServerTrustJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final UnaryOperator<String> redaction;

  /**
   * @param redaction takes secrets out of what was printed
   */
  public ServerTrustJson(UnaryOperator<String> redaction) {
    this.redaction = redaction;
  }

  /** The answer of {@code bundle show}. */
  TrustBundle bundle(InputStream json) throws IOException {
    return bundle(tree(json));
  }

  /** The answer of {@code bundle list}. */
  List<TrustBundle> bundles(InputStream json) throws IOException {
    return ServerJson.items(json, "bundles", item -> bundle(ServerJson.tree(item)));
  }

  /** The answer of {@code federation list}. */
  List<FederationRelationship> relationships(InputStream json) throws IOException {
    return ServerJson.items(
        json, "federation_relationships", item -> relationship(ServerJson.tree(item)));
  }

  /** The answer of {@code debug getinfo}. */
  ServerInfo info(InputStream json) throws IOException {
    return info(tree(json));
  }

  private static JsonNode tree(InputStream json) throws IOException {
    // Not more than one message, as the API itself would send it.
    JsonNode tree = MAPPER.readTree(json.readNBytes(64 * 1024 * 1024));
    if (tree == null || !tree.isObject()) {
      throw new IOException("not a JSON object");
    }
    return tree;
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> read) {
    List<T> list = new ArrayList<>(array.size());
    array.forEach(item -> list.add(read.apply(item)));
    return List.copyOf(list);
  }

  /** A bundle out of a tree. */
  public TrustBundle bundle(JsonNode bundle) {
    long hint = bundle.path("refresh_hint").asLong();
    return new TrustBundle(
        bundle.path("trust_domain").asText(),
        list(bundle.path("x509_authorities"), this::x509),
        list(
            bundle.path("jwt_authorities"),
            key ->
                new JwtAuthority(
                    key.path("key_id").asText(),
                    Seconds.of(key.path("expires_at")),
                    key.path("tainted").asBoolean())),
        bundle.path("sequence_number").asLong(),
        hint == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(hint)));
  }

  private X509Authority x509(JsonNode authority) {
    boolean tainted = authority.path("tainted").asBoolean();
    if (!authority.has("asn1")) {
      return new X509Authority(
          redaction.apply(authority.path("subject").asText()),
          Seconds.of(authority.path("not_before")),
          Seconds.of(authority.path("not_after")),
          authority.path("sha256").asText(),
          tainted);
    }
    try {
      return Authorities.x509(authority.path("asn1").binaryValue(), tainted);
    } catch (IOException e) {
      return new X509Authority(
          "not a certificate: not in Base64", Optional.empty(), Optional.empty(), "", tainted);
    }
  }

  /** A relationship out of a tree. */
  public FederationRelationship relationship(JsonNode one) {
    Profile profile =
        one.has("https_spiffe")
            ? Profile.HTTPS_SPIFFE
            : one.has("https_web") ? Profile.HTTPS_WEB : Profile.OTHER;
    return new FederationRelationship(
        one.path("trust_domain").asText(),
        redaction.apply(Authorities.withoutUserInfo(one.path("bundle_endpoint_url").asText())),
        profile,
        Optional.of(one.path("https_spiffe").path("endpoint_spiffe_id").asText())
            .filter(id -> !id.isEmpty()));
  }

  /** What a server tells of itself, out of a tree. */
  public ServerInfo info(JsonNode info) {
    return new ServerInfo(
        Duration.ofSeconds(info.path("uptime").asLong()),
        list(
            info.path("svid_chain"),
            one ->
                new ServerInfo.Certificate(
                    SpiffeIds.of(
                        one.path("id").path("trust_domain").asText(),
                        one.path("id").path("path").asText()),
                    redaction.apply(one.path("subject").asText()),
                    Seconds.of(one.path("expires_at")))));
  }
}
