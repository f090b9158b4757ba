package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.kube.KubeException.Reason;

/** The rows of docs/kubeconfig.md about credential plugins. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KubeconfigPluginTest extends KubeconfigTestSupport {
  @Test
  void aTokenOfAPluginThatAHeaderCannotCarryIsRefusedAndNotQuoted() throws IOException {
    plugin("cat <<'END'\n" + credential("v1", "\"token\": \"" + TOKEN + "\\n\"") + "\nEND\n");
    Path config = config("server: \"https://127.0.0.1:1\"", exec("v1", ""));
    assertThatThrownBy(() -> ask(open(config, Map.of())))
        .isInstanceOf(KubeException.class)
        .hasMessageContaining("the token has characters that an HTTP header cannot carry")
        .hasMessageNotContaining(TOKEN);
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
}
