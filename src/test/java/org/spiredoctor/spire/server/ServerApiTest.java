package org.spiredoctor.spire.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.FederationRelationship.Profile;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.simulator.Authority;
import org.spiredoctor.simulator.Fault;
import org.spiredoctor.simulator.SimulatedAgent;

/** The client of the server's API against a simulated one, over a real Unix socket. */
class ServerApiTest extends ServerApiTestSupport {
  @Test
  void agentsAreRead() throws ServerException {
    Message agent =
        new Message()
            .with(1, Message.id("example.org", "/spire/agent/k8s_psat/demo/u"))
            .with(2, "k8s_psat")
            .with(3, "322298330490027646")
            .with(4, 1795512766)
            .with(5, new Message().with(1, "k8s_psat").with(2, "cluster:demo"))
            .with(6, 1)
            .with(7, 1)
            .with(8, "1.15.3");
    assertThat(
            ask(
                "spire.api.server.agent.v1.Agent/ListAgents",
                _ -> new Message().with(1, agent).bytes(),
                ServerApi::agents))
        .containsExactly(
            new Agent(
                "spiffe://example.org/spire/agent/k8s_psat/demo/u",
                "k8s_psat",
                Set.of(new Selector("k8s_psat", "cluster:demo")),
                true,
                true,
                Optional.of(Instant.ofEpochSecond(1795512766)),
                Optional.of("1.15.3")));
  }

  @Test
  void bundlesAreReadWithoutTheirKeys() throws ServerException {
    Message bundle =
        new Message()
            .with(1, "example.org")
            .with(2, new Message().with(1, new Authority("example.org").bundle()).with(2, 1))
            .with(2, new Message().with(1, new byte[] {1, 2}))
            .with(3, new Message().with(1, new byte[] {3}).with(2, "kid").with(3, 1795512766))
            .with(4, 300)
            .with(5, 9);
    TrustBundle own =
        ask("spire.api.server.bundle.v1.Bundle/GetBundle", _ -> bundle.bytes(), ServerApi::bundle);
    assertThat(own.trustDomain()).isEqualTo("example.org");
    assertThat(own.sequenceNumber()).isEqualTo(9);
    assertThat(own.refreshHint()).contains(Duration.ofMinutes(5));
    assertThat(own.x509Authorities()).hasSize(2);
    assertThat(own.x509Authorities().getFirst().tainted()).isTrue();
    assertThat(own.x509Authorities().getFirst().notAfter()).isPresent();
    assertThat(own.x509Authorities().getLast().subject()).startsWith("not a certificate: ");
    assertThat(own.jwtAuthorities())
        .containsExactly(
            new TrustBundle.JwtAuthority(
                "kid", Optional.of(Instant.ofEpochSecond(1795512766)), false));
    assertThat(
            ask(
                "spire.api.server.bundle.v1.Bundle/ListFederatedBundles",
                _ -> new Message().with(1, bundle).bytes(),
                ServerApi::federatedBundles))
        .containsExactly(own);
  }

  @Test
  void federationIsRead() throws ServerException {
    Message answer =
        new Message()
            .with(
                1,
                new Message()
                    .with(1, "other.org")
                    .with(2, "https://user:pass@other.org/bundle")
                    .with(4, new Message().with(1, "spiffe://other.org/b").with(2, new Message())))
            .with(
                1,
                new Message()
                    .with(1, "web.org")
                    .with(2, "https://web.org/bundle")
                    .with(3, new Message()));
    assertThat(
            ask(
                "spire.api.server.trustdomain.v1.TrustDomain/ListFederationRelationships",
                _ -> answer.bytes(),
                ServerApi::federationRelationships))
        .containsExactly(
            new FederationRelationship(
                "other.org",
                "https://other.org/bundle",
                Profile.HTTPS_SPIFFE,
                Optional.of("spiffe://other.org/b")),
            new FederationRelationship(
                "web.org", "https://web.org/bundle", Profile.HTTPS_WEB, Optional.empty()));
  }

  @Test
  void theServerTellsOfItself() throws ServerException {
    Message answer =
        new Message()
            .with(
                1,
                new Message()
                    .with(1, Message.id("example.org", "/spire/server"))
                    .with(2, 1795512766)
                    .with(3, "O=SPIRE,C=US"))
            .with(2, 343);
    assertThat(ask("spire.api.server.debug.v1.Debug/GetInfo", _ -> answer.bytes(), ServerApi::info))
        .isEqualTo(
            new ServerInfo(
                Duration.ofSeconds(343),
                List.of(
                    new ServerInfo.Certificate(
                        "spiffe://example.org/spire/server",
                        "O=SPIRE,C=US",
                        Optional.of(Instant.ofEpochSecond(1795512766))))));
  }

  @ParameterizedTest
  @CsvSource({"0, UNKNOWN", "1, SERVING", "2, NOT_SERVING"})
  void healthIsToldInWords(int status, String words) throws ServerException {
    assertThat(
            ask(
                "grpc.health.v1.Health/Check",
                _ -> new Message().with(1, status).bytes(),
                ServerApi::health))
        .isEqualTo(words);
  }

  @Test
  void aRefusalIsTold() {
    ServerException refused =
        refusal(
            () ->
                ask(
                    ENTRIES,
                    _ -> {
                      throw Status.PERMISSION_DENIED
                          .withDescription("authorization denied for method /" + ENTRIES)
                          .asRuntimeException();
                    },
                    ServerApi::entries));
    assertThat(refused.reason()).isEqualTo(ServerException.Reason.FORBIDDEN);
    assertThat(refused.answer()).startsWith("PermissionDenied: authorization denied for method");
    assertThat(refused.asked()).startsWith("ListEntries of the SPIRE server at unix:///");
  }

  @Test
  void whatIsNoMessageIsTold() {
    // A field that says it is longer than all there is.
    byte[] broken = {1 << 3 | 2, 100, 1};
    assertThat(refusal(() -> ask(ENTRIES, _ -> broken, ServerApi::entries)).answer())
        .contains("the answer is no message of SPIRE's API");
  }

  @Test
  void thereIsNoSocket() {
    ServerException refused =
        refusal(
            () -> {
              try (ServerApi api = ServerApi.local(directory.resolve("none.sock"), LIMIT)) {
                api.entries();
              }
            });
    assertThat(refused.answer()).contains("No such file");
  }

  @Test
  void aServerThatSaysNothingIsLeftInTime() {
    long began = System.nanoTime();
    try (SimulatedAgent agent = SimulatedAgent.start(directory.resolve("api.sock"), Fault.SILENT)) {
      ServerException refused =
          refusal(
              () -> {
                try (ServerApi api = ServerApi.local(agent.socket(), Duration.ofSeconds(1))) {
                  api.entries();
                }
              });
      assertThat(refused.answer()).isEqualTo("no answer in 1 s");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
  }
}
