package org.spiredoctor.spire.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spiffe.spiffeid.TrustDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.simulator.Authority;
import org.spiredoctor.simulator.Fault;
import org.spiredoctor.simulator.SimulatedAgent;
import org.spiredoctor.simulator.SimulatedServer;
import org.spiredoctor.simulator.Svid;
import org.spiredoctor.spire.Credentials;
import org.spiredoctor.spire.CredentialsException;
import org.spiredoctor.spire.CredentialsSource;
import org.spiredoctor.spire.Endpoint;

/** Whom the client talks to over the network, and as whom. */
class ServerTlsTest {
  private static final Map<String, UnaryOperator<byte[]>> ANSWERS =
      Map.of("spire.api.server.agent.v1.Agent/ListAgents", _ -> new byte[0]);
  private static final TrustDomain DOMAIN = TrustDomain.parse("example.org");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Authority authority = new Authority("example.org");
  private final Svid admin = authority.issue("spiffe://example.org/admin");

  @TempDir private Path directory;

  private static Path pem(Path file, String what, byte[] der) throws IOException {
    return Files.writeString(
        file,
        "-----BEGIN "
            + what
            + "-----\n"
            + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der)
            + "\n-----END "
            + what
            + "-----\n");
  }

  private CredentialsSource files(Svid svid, Svid keyOf) throws IOException {
    try {
      return new CredentialsSource.FromFiles(
          pem(directory.resolve("svid.pem"), "CERTIFICATE", svid.certificate().getEncoded()),
          pem(
              directory.resolve("svid_key.pem"),
              "PRIVATE KEY",
              keyOf.keys().getPrivate().getEncoded()),
          pem(directory.resolve("bundle.pem"), "CERTIFICATE", authority.bundle()),
          Optional.of(DOMAIN));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Credentials credentials() throws Exception {
    return files(admin, admin).fetch().getFirst();
  }

  /** What keeps the client from talking to a server that shows this; nothing, if it talks. */
  private Optional<String> refused(Svid shown) throws Exception {
    try (SimulatedServer server = SimulatedServer.network(shown, ANSWERS);
        ServerApi api = ServerApi.network(server.address(), credentials(), DOMAIN, LIMIT)) {
      return Optional.ofNullable(catchThrowableOfType(ServerException.class, api::agents))
          .map(ServerException::answer);
    }
  }

  @Test
  void theServerOfTheTrustDomainIsTalkedTo() throws Exception {
    assertThat(refused(authority.issue("spiffe://example.org/spire/server"))).isEmpty();
  }

  @Test
  void theServerOfAnotherTrustDomainIsRefused() throws Exception {
    assertThat(refused(new Authority("other.org").issue("spiffe://other.org/spire/server")))
        .hasValueSatisfying(
            why ->
                assertThat(why)
                    .contains("spiffe://other.org/spire/server")
                    .contains("expected was spiffe://example.org/spire/server"));
  }

  @Test
  void whoeverElseIsOfTheTrustDomainIsRefused() throws Exception {
    assertThat(refused(authority.issue("spiffe://example.org/web")))
        .hasValueSatisfying(why -> assertThat(why).contains("is of spiffe://example.org/web"));
  }

  @Test
  void whoeverOnlyCallsItselfTheServerIsRefused() throws Exception {
    assertThat(refused(new Authority("example.org").issue("spiffe://example.org/spire/server")))
        .hasValueSatisfying(
            why -> assertThat(why).contains("does not verify with the bundle of example.org"));
  }

  @Test
  void aServerWhoseCertificateExpiredIsRefused() throws Exception {
    Instant now = Instant.now();
    Svid expired =
        authority.issue(
            "spiffe://example.org/spire/server", now.minusSeconds(3600), now.minusSeconds(60));
    assertThat(refused(expired))
        .hasValueSatisfying(why -> assertThat(why).contains("does not verify"));
  }

  @Test
  void aKeyOfAnotherIsNotTaken() throws Exception {
    CredentialsSource mixed = files(admin, authority.issue("spiffe://example.org/web"));
    assertThatThrownBy(mixed::fetch)
        .isInstanceOf(CredentialsException.class)
        .hasMessageContaining("its private key does not belong to its certificate");
  }

  @Test
  void whatIsNoSvidIsNotTaken() throws IOException {
    Path nothing = Files.writeString(directory.resolve("nothing.pem"), "nothing");
    CredentialsSource source =
        new CredentialsSource.FromFiles(nothing, nothing, nothing, Optional.empty());
    assertThatThrownBy(source::fetch)
        .isInstanceOf(CredentialsException.class)
        .hasMessageContaining("are no X.509-SVID and its key");
  }

  @Test
  void anAgentGivesCredentialsThatPrintNoKey() throws Exception {
    try (SimulatedAgent agent = SimulatedAgent.start(directory.resolve("api.sock"), Fault.NONE)) {
      List<Credentials> given =
          new CredentialsSource.FromWorkloadApi(new Endpoint.Unix(agent.socket()), LIMIT).fetch();
      assertThat(given).hasSize(1);
      assertThat(given.getFirst()).hasToString("spiffe://example.org/integration-test");
    }
  }

  @Test
  void anAgentThatGivesNoneIsQuoted() {
    try (SimulatedAgent agent =
        SimulatedAgent.start(directory.resolve("api.sock"), Fault.NO_IDENTITY)) {
      CredentialsSource source =
          new CredentialsSource.FromWorkloadApi(new Endpoint.Unix(agent.socket()), LIMIT);
      assertThatThrownBy(source::fetch)
          .hasMessageContaining("PermissionDenied: no identity issued");
    }
  }
}
