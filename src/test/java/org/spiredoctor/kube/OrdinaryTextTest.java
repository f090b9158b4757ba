package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What free text must go on saying. */
class OrdinaryTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "token not authenticated according to TokenReview API for cluster \"x\"",
        "failed to attest: join token does not exist or has already been used",
        "join token expired",
        "join token was not provided",
        "unable to load token from /var/run/secrets/tokens/spire-agent: open: no such file",
        "MountVolume.SetUp failed for volume \"x\" : secret \"x\" not found",
        "secrets \"web\" is forbidden: User \"system:serviceaccount:a:b\" cannot get resource"
            + " \"secrets\" in API group \"\" in the namespace \"a\"",
        "jwtsvid: token has expired (exp)",
        "invalid token: signature is invalid",
        "the token is expired",
        "FATAL: password authentication failed for user \"spire\" (SQLSTATE 28P01)",
        "Error: flag provided but not defined: -joinToken",
        "subsystem_name=built-in_plugin.join_token plugin_name=join_token plugin_type=NodeAttestor",
        "token_path = \"/var/run/secrets/tokens/spire-agent\"",
        "Back-off pulling image \"registry.example.org/team/app-secret:1.2.345\"",
        "Successfully pulled image \"docker-secret:v2.0.1\" in 2s",
        "docker-pullable://registry.example.org:5000/app@sha256:"
            + "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
        "app:1.0@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
        "level=error msg=\"No identity issued\" selectors=\"[k8s:ns:apps k8s:sa:token-issuer]\"",
        "k8s:pod-label:token:web k8s:pod-label:app-secret:web",
        "tokenreviews.authentication.k8s.io is forbidden: User",
        "create tokenreviews.authentication.k8s.io: 429 Too Many Requests",
        "k8s:image-signature-subject:ci@example.org",
        "type:k8s value:\"image-signature-subject:ci@example.org\"",
        "gcp_iit:sa:spire@proj.iam.gserviceaccount.com",
        "aws_iid:tag:email:ops@example.org",
        "[aws_iid:tag:email:ops@example.org aws_iid:tag:secret:web]",
        "aws_iid:tag:secret:web",
        "x509pop:subject:cn:bob@host",
        "k8s_psat:agent_sa:x@y",
        "rpc error: code = Unauthenticated desc = token is not valid",
        "spiffe://example.org/spire/agent/k8s_psat/demo/245ec281-9b1c-4c7e-bd25-0a2b3c4d5e6f",
        "authorization denied for method /spire.api.server.agent.v1.Agent/RenewAgent",
        "containerd://74c8b1a2f3e4d5c6b7a8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e",
        "https://10.0.0.1:10250/pods?token",
        "FetchX509SVIDBundles PSATNodeAttestorV1ServiceServer createPodSandboxConfig",
        "PWD=/home/spire OLDPWD=/",
        "bypass=x2 the probes pass: all of them; passed=3 passing: yes, -u 1000:1000",
        "password is wrong; password authentication failed; password SCRAM-SHA-256 rejected",
        "auth: k8s_psat",
        "auth=basic sig=RS256",
        "docker run -p 8080:80 -u spire:spire x; mysql -h db -p",
        "kubectl auth can-i get pods --user system:serviceaccount:apps:web-1",
        "mysql: [Warning] using a password on the command line can be insecure.",
        "Access denied for user 'spire'@'10.0.0.1' (using password: YES)",
        "fe_sendauth: no password supplied",
        "wrong password: authentication failed",
        "DB_PASSWORD must be set",
        "password PWD=/home/spire",
        "couldn't find key password in Secret apps/db",
        "secret \"db-password\" not found",
        "failed to get secret \"spire-token\": secrets \"spire-token\" is forbidden",
        "MountVolume.SetUp failed for volume \"db-pass\" : secret \"db-pass\" not found",
        "references non-existent secret key: tls.crt",
        "failed to load bootstrap bundle: secret not found",
        "token expired",
        "usage: login <user> <password>",
        "the token was issued for audience x; token for cluster demo-1",
        "github.com/spiffe/go-spiffe/v2@v2.5.0/workloadapi/client.go:123",
        "uses: actions/checkout@v4 and actions/checkout@main",
        "principal HTTP/web.example.org@EXAMPLE.ORG",
        "registry/pass/x@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
        "k8s:pod-label:pass:x k8s:pod-label:pw:hunter2 docker:label:auth:x1y2z3a4b5c6",
        "selectors=\"[type:\\\"k8s\\\" value:\\\"sa:web\\\"]\"",
        "unix:///run/spire/sockets/api.sock unix:/run/spire/agent@1/api.sock",
        "code=400 status=BadRequest, session=12",
        "rpc error: code = PermissionDenied desc = no identity issued",
        "No identity issued pid=12 registered=false service=WorkloadAPI",
        "auth: webhook, sigstore: enabled, key: value",
        "--- PASS: TestFetchX509SVID (0.01s)",
        "registry.test:5000/mirror/spire-agent@sha256:aa",
        "password:\nready to serve",
        "basic authentication failed; Basic Constraints missing",
        "password: ${DB_PASSWORD}",
        "session=3f2a-node1 code=ECONNREFUSED",
        "level=error code=PermissionDenied2",
        "mysql-operator --namespace=x -parallel=3",
        "helm login && kubectl port-forward -p 80",
        "login page served -prod-eu",
        "ldap-sync -wait 5s",
        "open /var/run/secrets/kubernetes.io/serviceaccount/token: permission denied",
        "Post \"https://oidc.example.org/token\": dial tcp 10.0.0.1:443: connect: connection refused",
        "oauth2/token: x509: certificate signed by unknown authority",
        "failed to validate token: tokenreviews.authentication.k8s.io is forbidden",
        "failed to get credentials: NoCredentialProviders: no valid providers in chain",
        "InvalidIdentityToken: Incorrect token audience",
        "ExpiredTokenException: Token expired: current date is later",
        "token: illegal base64 data at input byte 4",
        "credentials: file not found",
        "SecretSyncedError: could not get secret",
        "token_source.go:153] started",
        "caller=token.go:123",
        "at x.TokenService.java:123",
        "moved to apps/web@node-1",
        "kafka/broker-1.example.org@EXAMPLE.ORG",
        "npm/foo@1.2.3",
        "user/repo@branch-x",
        "sh -c \"mysql -h db -p\" was run",
        "Readiness probe failed: Get \"http://10.0.0.2:8080/ready\": dial tcp: refused"
      })
  void ordinaryTextStaysAsItIs(String text) {
    assertThat(Redaction.text(text)).isEqualTo(text);
  }

  @Test
  void aWordInAnglesHidesNoMoreThanItself() {
    String after = " err=x\nlevel=error msg=\"no identity issued\"\nlast";
    assertThat(Redaction.text("token=<<nil>>" + after)).endsWith(after);
  }

  @Test
  void whatFindingsQuoteStaysAsItIs() throws IOException {
    try (Stream<Path> pages = Files.list(Path.of("src/main/resources/findings"))) {
      pages
          .flatMap(OrdinaryTextTest::lines)
          .forEach(line -> assertThat(Redaction.text(line)).isEqualTo(line));
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readString(file).lines();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void namesStayAsTheyAreUnlessTheyAreTokens() {
    for (String name :
        new String[] {
          "apps/web2024@node",
          "app-secret:1.2.345",
          "k8s:pod-label:password:hunter",
          "value",
          "sk-learn",
          "token=x"
        }) {
      assertThat(Redaction.tokens(name)).isEqualTo(name);
    }
    assertThat(Redaction.tokens("k8s:pod-label:x:gh" + "p_A1b2C3d4E5"))
        .isEqualTo("k8s:pod-label:x:[redacted]");
  }
}
