package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.kube.ApiServer.Request;
import org.spiredoctor.kube.KubeException.Reason;

/** Each row of docs/kubeconfig.md, at an API server that tells who asked it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KubeconfigTest {
  private static final String NAME = "api.cluster.test";
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Not a real one, and not written like one. */
  private static final String TOKEN = "planted" + "-" + "value" + "-" + "1";

  @TempDir private Path directory;
  private final Certificates authority = new Certificates();

  private ApiServer server(String... names) throws IOException, GeneralSecurityException {
    return ApiServer.tls(
        authority.server(authority.issue("EC", "server", names)), KubeconfigTest::answer);
  }

  private static void answer(Request request, OutputStream out) throws IOException {
    if (!request.header("Upgrade").isEmpty() && request.path().contains("/exec")) {
      ApiServer.upgrade(request, out);
      ApiServer.success(out);
    } else if (request.path().contains("/log?")) {
      ApiServer.json(out, 200, "a line");
    } else {
      ApiServer.json(out, 200, "{\"items\":[]}");
    }
  }

  private String data(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private String trusted(int port) throws IOException {
    return "server: \"https://127.0.0.1:"
        + port
        + "\", certificate-authority-data: "
        + data(authority.pem());
  }

  private Path config(String cluster, String user) throws IOException {
    return Files.writeString(
        directory.resolve("config"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {%s}}]
        users: [{name: u, user: {%s}}]
        contexts: [{name: x, context: {cluster: c, user: u, namespace: apps}}]
        current-context: x
        """
            .formatted(cluster, user));
  }

  private static KubeApi open(Path config, Map<String, String> environment) throws KubeException {
    return Connection.open(Optional.of(config.toString()), Optional.empty(), LIMIT, environment);
  }

  private static void ask(KubeApi api) throws KubeException {
    assertThat(api.list(Kind.POD, Optional.empty())).isEmpty();
  }

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
  void aTokenOfAPluginThatAHeaderCannotCarryIsRefusedAndNotQuoted() throws IOException {
    plugin("cat <<'END'\n" + credential("v1", "\"token\": \"" + TOKEN + "\\n\"") + "\nEND\n");
    Path config = config("server: \"https://127.0.0.1:1\"", exec("v1", ""));
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
  void theServersNameMayBeAnother() throws Exception {
    try (ApiServer server = server(NAME)) {
      String cluster = trusted(server.port());
      // Its certificate is not for the address.
      assertThatThrownBy(() -> ask(open(config(cluster, ""), Map.of())))
          .isInstanceOfSatisfying(
              KubeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE));
      for (String address : List.of("127.0.0.1", "localhost")) {
        String named = cluster.replace("127.0.0.1", address) + ", tls-server-name: " + NAME;
        try (KubeApi api = open(config(named, ""), Map.of())) {
          ask(api);
          try (Exec exec =
              api.exec(
                  "a", "b", "c", List.of("d"), Exec.Input.NONE, new Exec.Limits(LIMIT, 1024))) {
            assertThat(exec.readAllBytes()).isEmpty();
          }
        }
        assertThat(server.requests().getLast().serverName()).contains(NAME);
      }
      // It is checked, not only asked for.
      for (String other : List.of("other.cluster.test", "127.0.0.1")) {
        assertThatThrownBy(
                () -> ask(open(config(cluster + ", tls-server-name: " + other, ""), Map.of())))
            .isInstanceOfSatisfying(
                KubeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE));
      }
    }
  }

  @Test
  void aServerOfAnotherAuthorityIsNotTrusted() throws Exception {
    try (ApiServer server = server("127.0.0.1")) {
      String address = "server: \"https://127.0.0.1:" + server.port() + "\"";
      String other = data(new Certificates().pem());
      for (String cluster : List.of(address, address + ", certificate-authority-data: " + other)) {
        assertThatThrownBy(() -> ask(open(config(cluster, "token: " + TOKEN), Map.of())))
            .isInstanceOf(KubeException.class);
      }
      assertThat(server.requests()).isEmpty();
      // The system's own, where the kubeconfig names none.
      Path system = Files.writeString(directory.resolve("system.pem"), authority.pem());
      ask(open(config(address, ""), Map.of("SSL_CERT_FILE", system.toString())));
      Files.writeString(directory.resolve("ca.crt"), authority.pem());
      ask(open(config(address + ", certificate-authority: ca.crt", ""), Map.of()));
      ask(open(config(address + ", insecure-skip-tls-verify: true", ""), Map.of()));
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void aProxyIsGoneThrough() throws Exception {
    try (ApiServer server = server(NAME);
        ConnectProxy proxy = new ConnectProxy(server.port())) {
      String cluster = trusted(server.port()).replace("127.0.0.1", NAME);
      String plain = "http://127.0.0.1:" + proxy.port();
      // The name has no address here: nothing but the proxy leads there.
      ask(open(config(cluster + ", proxy-url: \"" + plain + "\"", ""), Map.of()));
      ask(open(config(cluster, ""), Map.of("HTTPS_PROXY", plain)));
      ask(open(config(cluster, ""), Map.of("https_proxy", plain, "NO_PROXY", "other.test")));
      assertThat(proxy.heads()).hasSize(3);
      assertThatThrownBy(
              () ->
                  ask(
                      open(
                          config(cluster, ""),
                          Map.of("HTTPS_PROXY", plain, "NO_PROXY", "cluster.test"))))
          .isInstanceOf(KubeException.class);
      assertThat(proxy.heads()).hasSize(3);
    }
  }

  @Test
  void aProxyIsToldItsUserAndTheServerIsNot() throws Exception {
    try (ApiServer server = server(NAME);
        ConnectProxy proxy = new ConnectProxy(server.port())) {
      String cluster =
          trusted(server.port()).replace("127.0.0.1", NAME)
              + ", proxy-url: \"http://jo%40x:p%3aw@127.0.0.1:"
              + proxy.port()
              + "\"";
      try (KubeApi api = open(config(cluster, "token: " + TOKEN), Map.of())) {
        ask(api);
        try (Exec exec =
            api.exec("a", "b", "c", List.of("d"), Exec.Input.NONE, new Exec.Limits(LIMIT, 1024))) {
          assertThat(exec.readAllBytes()).isEmpty();
        }
      }
      assertThat(proxy.heads())
          .hasSize(2)
          .allSatisfy(
              head -> {
                assertThat(head.getFirst())
                    .isEqualTo("CONNECT " + NAME + ":" + server.port() + " HTTP/1.1");
                assertThat(head)
                    .anySatisfy(
                        line ->
                            assertThat(line)
                                .isEqualToIgnoringCase(
                                    "Proxy-Authorization: Basic " + data("jo@x:p:w")));
                assertThat(head.toString()).doesNotContain(TOKEN);
              });
      assertThat(server.requests())
          .hasSize(2)
          .allSatisfy(r -> assertThat(r.header("Proxy-Authorization")).isEmpty());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "socks5://127.0.0.1:1080, socks5:// is not supported",
    "https://127.0.0.1:1080, https:// is not supported",
    "nonsense, must begin with http://"
  })
  void aProxyThatCannotBeTakenIsNotPassedBy(String proxy, String why) throws IOException {
    Path config = config("server: \"https://127.0.0.1:1\", proxy-url: \"" + proxy + "\"", "");
    assertThatThrownBy(() -> open(config, Map.of()).close()).hasMessageContaining(why);
  }

  /** What kubectl does not know overrides nothing, as a variable or as a property. */
  @Test
  void otherVariablesOverrideNothing() throws Exception {
    Map<String, String> strange =
        Map.of(
            "KUBERNETES_MASTER", "https://127.0.0.1:2",
            "KUBERNETES_AUTH_TOKEN", "strange",
            "KUBERNETES_TRUST_CERTIFICATES", "true",
            "KUBERNETES_NAMESPACE", "strange",
            "KUBERNETES_AUTH_BASIC_USERNAME", "strange",
            "KUBERNETES_AUTH_BASIC_PASSWORD", "strange",
            "KUBERNETES_CERTS_CA_FILE", "/strange",
            "KUBERNETES_DISABLE_HOSTNAME_VERIFICATION", "true",
            "KUBERNETES_SERVICE_HOST", "127.0.0.1",
            "KUBERNETES_SERVICE_PORT", "2");
    Map<String, String> properties =
        Map.of(
            "kubernetes.master", "https://127.0.0.1:2",
            "kubernetes.auth.token", "strange",
            "kubernetes.trust.certificates", "true",
            "https.proxyHost", "127.0.0.1",
            "https.proxyPort", "2");
    properties.forEach(System::setProperty);
    try (ApiServer server = server("127.0.0.1");
        ApiServer other = server(NAME)) {
      try (KubeApi api = open(config(trusted(server.port()), "token: " + TOKEN), strange)) {
        ask(api);
      }
      assertThat(server.requests().getLast().header("Authorization"))
          .containsExactly("Bearer " + TOKEN);
      // Nor is a certificate for another name taken.
      assertThatThrownBy(() -> ask(open(config(trusted(other.port()), ""), strange)))
          .isInstanceOf(KubeException.class);
    } finally {
      properties.keySet().forEach(System::clearProperty);
    }
  }

  @Test
  void credentialsAreNotSentWithoutTls() throws Exception {
    try (ApiServer server = ApiServer.plain(KubeconfigTest::answer)) {
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

  private Path plugin(String script) throws IOException {
    Path file = Files.createDirectories(directory.resolve("bin")).resolve("plugin");
    Files.writeString(file, "#!/bin/sh\n" + script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private static String exec(String version, String more) {
    return """
    exec: {apiVersion: client.authentication.k8s.io/%s, command: ./bin/plugin, interactiveMode: Never%s}\
    """
        .formatted(version, more);
  }

  private static String credential(String version, String status) {
    return "{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/"
        + version
        + "\", \"status\": {"
        + status
        + "}}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v1beta1"})
  void anExecPluginIsAskedOnce(String version) throws Exception {
    plugin(
        """
        echo "$1 $FOO $KUBERNETES_EXEC_INFO" >> '%s/asked'
        cat # Its standard input is empty.
        echo '%s'
        """
            .formatted(directory, credential(version, "\"token\": \"" + TOKEN + "\"")));
    try (ApiServer server = server("127.0.0.1");
        KubeApi api =
            open(
                config(
                    trusted(server.port())
                        + ", tls-server-name: \"127.0.0.1\", extensions: [{name:"
                        + " client.authentication.k8s.io/exec, extension: {audience: a, n: 1}}]",
                    exec(
                        version,
                        ", args: [\"$(id)\"], env: [{name: FOO, value: bar}], provideClusterInfo:"
                            + " true")),
                Map.of("PATH", System.getenv("PATH")))) {
      ask(api);
      ask(api);
      assertThat(server.requests())
          .allSatisfy(
              r -> assertThat(r.header("Authorization")).containsExactly("Bearer " + TOKEN));
      String told = Files.readString(directory.resolve("asked"));
      assertThat(told.lines()).hasSize(1);
      // Arguments are not a shell's.
      assertThat(told)
          .startsWith("$(id) bar {")
          .contains("\"apiVersion\":\"client.authentication.k8s.io/" + version + "\"")
          .contains("\"server\":\"https://127.0.0.1:" + server.port() + "\"")
          .contains("\"tls-server-name\":\"127.0.0.1\"")
          .contains("\"certificate-authority-data\":\"" + data(authority.pem()) + "\"")
          .contains("\"config\":{\"audience\":\"a\",\"n\":1}")
          .contains("\"interactive\":false");
    }
  }

  @Test
  void anExecPluginIsAskedAgainWhenItsTokenExpiresOrIsRefused() throws Exception {
    plugin(
        """
        echo x >> '%1$s/asked'
        n=$(wc -l < '%1$s/asked')
        echo '%2$s' | sed "s/@/$n/"
        """
            .formatted(
                directory,
                credential(
                    "v1", "\"token\": \"@\", \"expirationTimestamp\": \"2020-01-01T00:00:00Z\"")));
    try (ApiServer server =
            ApiServer.tls(
                authority.server(authority.issue("EC", "server", "127.0.0.1")),
                (request, out) ->
                    ApiServer.json(
                        out,
                        request.header("Authorization").contains("Bearer 2") ? 401 : 200,
                        "{\"items\":[]}"));
        KubeApi api = open(config(trusted(server.port()), exec("v1", "")), System.getenv())) {
      ask(api);
      ask(api);
      // The second was refused; after that a new one is used at once, not one that has expired.
      assertThat(server.requests())
          .extracting(r -> r.header("Authorization").getFirst())
          .startsWith("Bearer 1", "Bearer 2")
          .doesNotHaveDuplicates()
          .hasSize(3);
    }
  }

  @Test
  void anExecPluginMayGiveACertificate() throws Exception {
    Certificates.Issued jane = authority.issue("EC", "jane");
    plugin(
        "cat <<'END'\n%s\nEND\n"
            .formatted(
                credential(
                    "v1",
                    "\"clientCertificateData\": \"%s\", \"clientKeyData\": \"%s\""
                        .formatted(
                            jane.pem().replace("\n", "\\n"), jane.key().replace("\n", "\\n")))));
    try (ApiServer server = server("127.0.0.1");
        KubeApi api = open(config(trusted(server.port()), exec("v1", "")), System.getenv())) {
      ask(api);
      assertThat(server.requests().getLast().client()).contains("CN=jane");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo no login >&2; exit 7 | failed with exit code 7: no login",
        "echo 'not json planted-value' | did not print an ExecCredential in JSON",
        "head -c 2000000 /dev/zero | printed more than a credential can have",
        "echo '{\"apiVersion\": \"client.authentication.k8s.io/v1beta1\"}' | printed another"
            + " version",
        "echo '{\"apiVersion\": \"client.authentication.k8s.io/v1\"}' | neither a token nor a",
        "echo '{\"apiVersion\": \"client.authentication.k8s.io/v1\", \"status\":"
            + " {\"clientKeyData\": \"planted-value\"}}' | only one of client certificate and key"
      })
  void whatAPluginDoesWrongIsSaid(String script, String why) throws Exception {
    plugin(script);
    try (KubeApi api =
        open(config("server: \"https://127.0.0.1:1\"", exec("v1", "")), System.getenv())) {
      assertThatThrownBy(() -> ask(api))
          .isInstanceOfSatisfying(
              KubeException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.UNAUTHENTICATED);
                assertThat(e.answer())
                    .contains("exec plugin " + directory + "/bin/plugin")
                    .contains(why)
                    .doesNotContain("planted-value");
              });
    }
  }

  @Test
  void aPluginThatIsNotThereIsNamedWithItsHint() throws Exception {
    String user =
        "exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin,"
            + " interactiveMode: IfAvailable, installHint: take it from the shelf}";
    try (KubeApi api = open(config("server: \"https://127.0.0.1:1\"", user), Map.of())) {
      assertThatThrownBy(() -> ask(api))
          .hasMessageContaining("exec plugin no-such-plugin cannot be started")
          .hasMessageContaining("take it from the shelf");
    }
  }

  @Test
  void aPluginThatNeedsATerminalIsNotStartedWithoutOne() throws Exception {
    plugin("touch '" + directory + "/started'");
    String user = exec("v1", "").replace("Never", "Always");
    try (KubeApi api = open(config("server: \"https://127.0.0.1:1\"", user), System.getenv())) {
      assertThatThrownBy(() -> ask(api)).hasMessageContaining("needs a terminal");
      assertThat(directory.resolve("started")).doesNotExist();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "apiVersion: client.authentication.k8s.io/v1alpha1, command: x | apiVersion must be",
        "apiVersion: client.authentication.k8s.io/v1, command: x | interactiveMode must be given",
        "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never | has no command"
      })
  void whatIsWrongWithAnExecIsSaid(String exec, String why) throws IOException {
    Path config = config("server: \"https://127.0.0.1:1\"", "exec: {" + exec + "}");
    assertThatThrownBy(() -> open(config, Map.of()).close()).hasMessageContaining(why);
  }

  @Test
  void filesAreMergedAndTheFirstWins() throws Exception {
    try (ApiServer server = server("127.0.0.1")) {
      Path first =
          Files.writeString(
              directory.resolve("first"),
              """
              users: [{name: u, user: {token: %s}}]
              current-context: x
              """
                  .formatted(TOKEN));
      Path second = Files.createDirectories(directory.resolve("sub")).resolve("second");
      Files.writeString(second.resolveSibling("ca.crt"), authority.pem());
      Files.writeString(
          second,
          """
          clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", certificate-authority: ca.crt}}]
          users: [{name: u, user: {token: other, as: other}}]
          contexts: [{name: x, context: {cluster: c, user: u}}, {name: y, context: {cluster: d}}]
          current-context: y
          """
              .formatted(server.port()));
      String list = first + "::" + directory.resolve("gone") + ":" + second;
      try (KubeApi api =
          Connection.open(Optional.empty(), Optional.empty(), LIMIT, Map.of("KUBECONFIG", list))) {
        ask(api);
      }
      Request request = server.requests().getLast();
      assertThat(request.header("Authorization")).containsExactly("Bearer " + TOKEN);
      assertThat(request.header("Impersonate-User")).isEmpty();
    }
  }

  @Test
  void theNamespaceOfWhatIsNamedWithoutOne() throws IOException {
    Path config = config("server: \"https://127.0.0.1\"", "");
    Optional<String> file = Optional.of(config.toString());
    assertThat(Connection.namespace(file, Optional.empty(), Map.of())).contains("apps");
    Files.writeString(config, Files.readString(config).replace(", namespace: apps", ""));
    assertThat(Connection.namespace(file, Optional.empty(), Map.of())).contains("default");
    assertThat(Connection.namespace(file, Optional.of("other"), Map.of())).isEmpty();
    assertThat(Connection.namespace(Optional.empty(), Optional.empty(), Map.of())).isEmpty();
  }

  @Test
  void theHomesKubeconfigIsTheDefault() throws Exception {
    try (ApiServer server = server("127.0.0.1")) {
      Path home = directory.resolve("home");
      Files.createDirectories(home.resolve(".kube"));
      Files.move(config(trusted(server.port()), ""), home.resolve(".kube/config"));
      try (KubeApi api =
          Connection.open(
              Optional.empty(), Optional.empty(), LIMIT, Map.of("HOME", home.toString()))) {
        ask(api);
        assertThat(api.server()).isEqualTo("https://127.0.0.1:" + server.port() + "/");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "current-context: y | no context 'y' in ",
        "x: y | no current-context; name one with --context: x",
        "current-context: x | context 'x' names the cluster 'c', which does not exist",
        "{current-context: x, clusters: [{name: c, cluster: {server: \"https://h\"}}]} | context"
            + " 'x' names the user 'u', which does not exist",
        "{current-context: x, users: [{name: u}], clusters: [{name: c, cluster: {}}]} | cluster 'c'"
            + " has no server",
        "{current-context: x, users: [{name: u}], clusters: [{name: c, cluster: {server:"
            + " \"https://h\", certificate-authority-data: \"%%\"}}]} | not",
        "{current-context: x, users: [{name: u}], clusters: [{name: c, cluster: {server:"
            + " \"https://h\", certificate-authority: gone}}]} | gone does not exist",
        "{current-context: x, users: [{name: u}], clusters: [{name: c}, {name: c}]} | two clusters"
            + " have the name 'c'",
        "{current-context: x, users: [{name: u, user: {token: a, username: b}}], clusters: [{name:"
            + " c, cluster: {server: \"https://h\"}}]} | only one is allowed",
        "{current-context: x, users: [{name: u, user: {auth-provider: {name: gcp}}}], clusters:"
            + " [{name: c, cluster: {server: \"https://h\"}}]} | use exec",
        "{current-context: x, users: [{name: u, user: {client-certificate-data: YQ==}}], clusters:"
            + " [{name: c, cluster: {server: \"https://h\"}}]} | without its client-key"
      })
  void whatIsWrongWithAKubeconfigIsSaid(String yaml, String why) throws IOException {
    String context = "contexts: [{name: x, context: {cluster: c, user: u}}]";
    Path config =
        Files.writeString(
            directory.resolve("config"),
            yaml.startsWith("{")
                ? yaml.substring(0, yaml.length() - 1) + ", " + context + "}"
                : yaml + "\n" + context);
    assertThatThrownBy(() -> open(config, Map.of()).close())
        .isInstanceOfSatisfying(
            KubeException.class,
            e -> {
              assertThat(e.asked()).isEqualTo("read the kubeconfig");
              assertThat(e.answer()).contains(config.toString()).contains(why);
            });
  }

  /** A parser's message quotes the line; this one must not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "users:\n- name: u\n  user:\n    client-key-data: @planted-value\n",
        "users:\n- name: u\n  user:\n    token: planted-value: planted-value\n",
        "users:\n- name: u\n  user:\n    token: \"planted-value\n",
        "users:\n- name: u\n  user: {token: planted-value\n",
        "users:\n- name: u\n  user:\n    token: *planted-value\n",
        "users:\n- name: u\n  user:\n\ttoken: planted-value\n"
      })
  void aBrokenKubeconfigIsNotQuoted(String yaml) throws IOException {
    Path config = Files.writeString(directory.resolve("config"), yaml);
    assertThatThrownBy(() -> open(config, Map.of()).close())
        .isInstanceOfSatisfying(
            KubeException.class,
            e -> {
              assertThat(e.answer())
                  .matches(config + " is not valid YAML at line \\d+, column \\d+");
              assertThat(e.toString()).doesNotContain("planted-value");
              assertThat(e.getCause()).isNull();
            });
  }

  private static String noCluster(Map<String, String> environment) {
    try (KubeApi api = Connection.open(Optional.empty(), Optional.empty(), LIMIT, environment)) {
      return api.server();
    } catch (KubeException e) {
      return e.answer();
    }
  }

  @Test
  void whatWasLookedForIsSaid() throws IOException {
    String a = directory.resolve("a").toString();
    String b = directory.resolve("b").toString();
    assertThat(noCluster(Map.of())).startsWith("no kubeconfig: neither KUBECONFIG nor HOME is set");
    assertThat(noCluster(Map.of("KUBECONFIG", "", "HOME", a)))
        .startsWith("no kubeconfig: " + a + "/.kube/config does not exist");
    assertThat(noCluster(Map.of("KUBECONFIG", ":", "HOME", a)))
        .startsWith("no kubeconfig: KUBECONFIG names no file");
    assertThat(noCluster(Map.of("KUBECONFIG", a + ":" + b)))
        .startsWith("no kubeconfig: none of " + a + ", " + b + " exists");
    Files.writeString(Path.of(b), "");
    assertThat(noCluster(Map.of("KUBECONFIG", a + ":" + b)))
        .startsWith("no kubeconfig: " + b + " names no cluster");
  }

  @Test
  void whatIsNoFileIsSaidWithoutTheNameOfAClass() {
    assertThatThrownBy(() -> open(directory, Map.of()).close())
        .hasMessage(directory + " is a directory");
    assertThatThrownBy(
            () ->
                Connection.open(
                        Optional.empty(),
                        Optional.empty(),
                        LIMIT,
                        Map.of("KUBECONFIG", directory.toString()))
                    .close())
        .hasMessage(directory + " is a directory");
  }

  @Test
  void aFileWithoutAnEndIsNotReadToIt() {
    assertThatThrownBy(() -> open(Path.of("/dev/zero"), Map.of()).close())
        .hasMessageContaining("/dev/zero is larger than");
  }

  @Test
  void whatIsNotThereIsSaid() {
    assertThatThrownBy(() -> open(directory.resolve("gone"), Map.of()).close())
        .hasMessage(directory.resolve("gone") + " does not exist");
    assertThatThrownBy(
            () ->
                Connection.open(
                        Optional.empty(),
                        Optional.empty(),
                        LIMIT,
                        Map.of("KUBECONFIG", directory.resolve("gone").toString()))
                    .close())
        .hasMessageContaining("no kubeconfig: " + directory.resolve("gone") + " does not exist");
  }
}
