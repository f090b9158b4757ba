package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.kube.ApiServer.Request;

/** The rows of docs/kubeconfig.md about who the user is. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KubeconfigUserTest extends KubeconfigTestSupport {
  private Request asked(ApiServer server, String user) throws Exception {
    try (KubeApi api = open(config(trusted(server.port()), user), Map.of())) {
      ask(api);
    }
    return server.requests().getLast();
  }

  @Test
  void whoIsImpersonatedIsSaidWithEveryRequest() throws Exception {
    try (ApiServer server = server("127.0.0.1");
        KubeApi api =
            open(
                config(
                    trusted(server.port()),
                    "token: "
                        + TOKEN
                        + ", as: jane, as-uid: u-1, as-groups: [devs, ops],"
                        + " as-user-extra: {example.org/reason: [a, b], 50%: [c]}"),
                Map.of())) {
      ask(api);
      assertThat(api.log("apps", "web", "app", false, 10, 1024)).isEqualTo("a line");
      api.timedLog("apps", "web", "app", Optional.empty(), false).close();
      try (Exec exec =
          api.exec(
              "apps",
              "web",
              "app",
              List.of("true"),
              Exec.Input.NONE,
              new Exec.Limits(LIMIT, 1024))) {
        assertThat(exec.readAllBytes()).isEmpty();
        assertThat(exec.exitCode()).hasValue(0);
      }
      new KubeChanges(api, "apps").delete(Kind.POD, "web", "u-2");
      assertThat(server.requests())
          .hasSize(5)
          .allSatisfy(
              request -> {
                assertThat(request.header("Authorization")).containsExactly("Bearer " + TOKEN);
                assertThat(request.header("Impersonate-User")).containsExactly("jane");
                assertThat(request.header("Impersonate-Uid")).containsExactly("u-1");
                assertThat(request.header("Impersonate-Group")).containsExactly("devs", "ops");
                assertThat(request.header("Impersonate-Extra-example.org%2Freason"))
                    .containsExactly("a", "b");
                assertThat(request.header("Impersonate-Extra-50%25")).containsExactly("c");
              });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"as-uid: u-1", "as-groups: [devs]", "as-user-extra: {a: [b]}"})
  void halfAnImpersonationIsRefused(String user) throws IOException {
    assertThatThrownBy(
            () -> open(config("server: \"https://127.0.0.1:1\"", user), Map.of()).close())
        .hasMessageContaining("user 'u' has as-uid, as-groups or as-user-extra, but no 'as'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jane\\nImpersonate-Group: admins", "j\\u00e4ne"})
  void aNameThatAHeaderCannotCarryIsRefused(String name) throws IOException {
    assertThatThrownBy(
            () ->
                open(config("server: \"https://127.0.0.1:1\"", "as: \"" + name + "\""), Map.of())
                    .close())
        .hasMessageContaining("Impersonate-User has characters that an HTTP header cannot carry");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token: \"%s\\nx\"",
        "token: \"%s\\n\"",
        "token: \"%s\\u0007\"",
        "token: \"%s\u00e4\"",
        "tokenFile: odd",
        "tokenFile: gone, token: \"%s\\r\""
      })
  void aTokenThatAHeaderCannotCarryIsRefusedAndNotQuoted(String user) throws IOException {
    Files.writeString(directory.resolve("odd"), TOKEN + "\r\n" + TOKEN);
    Path config = config("server: \"https://127.0.0.1:1\"", user.formatted(TOKEN));
    assertThatThrownBy(() -> ask(open(config, Map.of())))
        .isInstanceOf(KubeException.class)
        .hasMessageContaining("the token has characters that an HTTP header cannot carry")
        .hasMessageNotContaining(TOKEN);
  }

  @Test
  void theUserOfTheServersAddressIsSentAndNotShown() throws Exception {
    try (ApiServer server = server("127.0.0.1")) {
      String cluster = trusted(server.port()).replace("https://", "https://jo%40x:" + TOKEN + "@");
      try (KubeApi api = open(config(cluster, "token: other"), Map.of())) {
        assertThat(api.server()).isEqualTo("https://127.0.0.1:" + server.port() + "/");
        ask(api);
      }
      assertThat(server.requests().getLast().header("Authorization"))
          .containsExactly("Basic " + data("jo@x:" + TOKEN));
    }
    String nowhere = "server: \"https://u:" + TOKEN + "@127.0.0.1:1/base/\"";
    try (KubeApi api = open(config(nowhere, ""), Map.of())) {
      assertThat(api.server()).isEqualTo("https://127.0.0.1:1/base/");
      assertThatThrownBy(() -> ask(api)).hasMessageNotContaining(TOKEN);
    }
  }

  @Test
  void aTokenFileIsReadAgainWhenItsTokenIsRefused() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), TOKEN + "\n");
    try (ApiServer server =
            ApiServer.tls(
                authority.server(authority.issue("EC", "server", "127.0.0.1")),
                (request, out) ->
                    ApiServer.json(
                        out,
                        request.header("Authorization").contains("Bearer " + TOKEN) ? 200 : 401,
                        "{\"items\":[]}"));
        // Relative to the kubeconfig, and stronger than the token beside it.
        KubeApi api =
            open(config(trusted(server.port()), "tokenFile: token, token: other"), Map.of())) {
      ask(api);
      Files.writeString(token, "later");
      ask(api);
      Files.writeString(token, TOKEN);
      assertThat(server.requests()).hasSize(2);
    }
    try (ApiServer server =
            ApiServer.tls(
                authority.server(authority.issue("EC", "server", "127.0.0.1")),
                (request, out) -> {
                  boolean known = request.header("Authorization").contains("Bearer later");
                  Files.writeString(token, "later");
                  ApiServer.json(out, known ? 200 : 401, "{\"items\":[]}");
                });
        KubeApi api = open(config(trusted(server.port()), "tokenFile: ./token"), Map.of())) {
      ask(api);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void aTokenFileThatIsNotThereIsNamed() throws IOException {
    Path config = config("server: \"https://127.0.0.1:1\"", "tokenFile: gone");
    assertThatThrownBy(() -> open(config, Map.of()).close())
        .hasMessage("token file " + directory.resolve("gone") + " does not exist");
  }

  @Test
  void basicAuthentication() throws Exception {
    try (ApiServer server = server("127.0.0.1")) {
      assertThat(asked(server, "username: jane, password: x").header("Authorization"))
          .containsExactly("Basic " + data("jane:x"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void clientCertificatesOfEachKind(String algorithm) throws Exception {
    Certificates.Issued jane = authority.issue(algorithm, "jane");
    Files.writeString(directory.resolve("jane.crt"), jane.pem());
    Files.writeString(directory.resolve("jane.key"), jane.key());
    try (ApiServer server = server("127.0.0.1")) {
      for (String user :
          List.of(
              "client-certificate: jane.crt, client-key: jane.key",
              "client-certificate-data: %s, client-key-data: %s"
                  .formatted(data(jane.pem()), data(jane.oldKey())))) {
        assertThat(asked(server, user).client()).as(user).contains("CN=jane");
      }
    }
  }

  @Test
  void credentialsAreNotSentWithoutTls() throws Exception {
    try (ApiServer server = ApiServer.plain(KubeconfigTestSupport::answer)) {
      String cluster = "server: \"http://127.0.0.1:" + server.port() + "/base/\"";
      try (KubeApi api = open(config(cluster, "token: " + TOKEN + ", as: jane"), Map.of())) {
        ask(api);
      }
      Request request = server.requests().getLast();
      assertThat(request.path()).startsWith("/base/api/v1/pods?");
      assertThat(request.header("Authorization")).isEmpty();
      assertThat(request.header("Impersonate-User")).containsExactly("jane");
    }
  }
}
