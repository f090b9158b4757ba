package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.kube.ApiServer.Request;

/** The rows of docs/kubeconfig.md about where a kubeconfig is and what is wrong with it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KubeconfigTest extends KubeconfigTestSupport {
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
