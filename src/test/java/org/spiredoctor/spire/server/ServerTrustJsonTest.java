package org.spiredoctor.spire.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.FederationRelationship.Profile;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.Redaction;

/** What spire-server 1.15.3 prints of bundles, federation and itself. */
class ServerTrustJsonTest {
  private static final ServerTrustJson TRUST = new ServerTrustJson(Redaction::text);

  private static InputStream json(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  @Test
  void aBundleIsReadWithoutItsKeys() throws IOException {
    TrustBundle bundle =
        TRUST.bundle(
            json(
                """
                {"jwt_authorities":[{"expires_at":"1795595566","key_id":"nKkrHJNk",
                "public_key":"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE","tainted":false}],
                "refresh_hint":"300","sequence_number":"7","trust_domain":"example.org",
                "wit_authorities":[],"x509_authorities":[{"asn1":"MIIB/zCCAaWgAwIBAgIQPZWUA7rhekZg\
                QQLs/VHwrTAKBggqhkjOPQQDAjBPMQswCQYDVQQGEwJVUzEPMA0GA1UEChMGU1BJRkZFMS8wLQYDVQQFEyY4\
                MTg1OTU2MjA2Njk0NDE4MzExNjkwMTMyOTMyNTQ5MjY2MjQ0NTAeFw0yNjExMjQwODMyMzZaFw0yNjExMjUw\
                ODMyNDZaME8xCzAJBgNVBAYTAlVTMQ8wDQYDVQQKEwZTUElGRkUxLzAtBgNVBAUTJjgxODU5NTYyMDY2OTQ0\
                MTgzMTE2OTAxMzI5MzI1NDkyNjYyNDQ1MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEtskegkcrBnCmubT5\
                h0CRGkknmIiG6CV1kTual5T+CHI6AXY8c0d/8dxLrHMACzLrEAOqQHPkX9z5Xg55ZAgqLaNjMGEwDgYDVR0P\
                AQH/BAQDAgEGMA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFJWkGITbG0vQ1XjOYsq0aoqUpnpvMB8GA1Ud\
                EQQYMBaGFHNwaWZmZTovL2V4YW1wbGUub3JnMAoGCCqGSM49BAMCA0gAMEUCIB8fl7hpWge61XKcpZ9FrNsQ\
                ICYUkoldmq6QtAXdv4yAAiEApL+AujeIStlDXcfP/AUGvrnz1FzhAAHhrbPAmD6kauE=","tainted":true}]}
                """));
    assertThat(bundle.trustDomain()).isEqualTo("example.org");
    assertThat(bundle.sequenceNumber()).isEqualTo(7);
    assertThat(bundle.refreshHint()).contains(Duration.ofMinutes(5));
    assertThat(bundle.jwtAuthorities())
        .containsExactly(
            new TrustBundle.JwtAuthority(
                "nKkrHJNk", Optional.of(Instant.ofEpochSecond(1795595566)), false));
    TrustBundle.X509Authority authority = bundle.x509Authorities().getFirst();
    assertThat(authority.subject()).contains("O=SPIFFE, C=US");
    assertThat(authority.notAfter()).contains(Instant.parse("2026-11-25T08:32:46Z"));
    assertThat(authority.sha256())
        .isEqualTo("c5e2b28255bb6fab16122012f34802547aa62ffe0d0f60c1c6562424f350fddc");
    assertThat(authority.tainted()).isTrue();
    assertThat(authority.expiredAt(Instant.parse("2026-11-25T08:32:45Z"))).isFalse();
    assertThat(authority.expiredAt(Instant.parse("2026-11-25T08:32:46Z"))).isTrue();
  }

  @Test
  void anAuthorityThatIsNoCertificateIsToldAndNotLeftOut() throws IOException {
    TrustBundle bundle =
        TRUST.bundle(
            json("{\"x509_authorities\":[{\"asn1\":\"AAAA\"},{\"asn1\":\"not Base64\"}]}"));
    assertThat(bundle.x509Authorities())
        .hasSize(2)
        .allSatisfy(
            one -> {
              assertThat(one.subject()).startsWith("not a certificate: ");
              assertThat(one.notAfter()).isEmpty();
            });
  }

  @Test
  void federationIsReadByItsProfile() throws IOException {
    assertThat(
            TRUST.relationships(
                json(
                    """
                    {"federation_relationships":[
                    {"bundle_endpoint_url":"https://other.org/bundle",
                     "https_spiffe":{"endpoint_spiffe_id":"spiffe://other.org/bundle-server"},
                     "trust_domain":"other.org"},
                    {"bundle_endpoint_url":"https://user:secret@web.org/bundle","https_web":{},
                     "trust_domain":"web.org"}],"next_page_token":""}
                    """)))
        .containsExactly(
            new FederationRelationship(
                "other.org",
                "https://other.org/bundle",
                Profile.HTTPS_SPIFFE,
                Optional.of("spiffe://other.org/bundle-server")),
            new FederationRelationship(
                "web.org", "https://web.org/bundle", Profile.HTTPS_WEB, Optional.empty()));
    assertThat(TRUST.bundles(json("{\"bundles\":[],\"next_page_token\":\"\"}"))).isEmpty();
  }

  @Test
  void theServerTellsOfItself() throws IOException {
    ServerInfo info =
        TRUST.info(
            json(
                """
                {"agents_count":1,"svid_chain":[{"expires_at":"1795512766",
                "id":{"path":"/spire/server","trust_domain":"example.org"},
                "subject":"O=SPIRE,C=US"}],"uptime":343}
                """));
    assertThat(info.uptime()).isEqualTo(Duration.ofSeconds(343));
    assertThat(info.svidChain())
        .containsExactly(
            new ServerInfo.Certificate(
                "spiffe://example.org/spire/server",
                "O=SPIRE,C=US",
                Optional.of(Instant.ofEpochSecond(1795512766))));
  }

  @Test
  void whatIsNotJsonIsRefused() {
    assertThatThrownBy(() -> TRUST.bundle(json("Error: rpc error")))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> TRUST.info(json(""))).hasMessageContaining("not a JSON");
  }
}
