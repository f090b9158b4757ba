package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.kube.KubeException.Reason;

/** The rows of docs/kubeconfig.md about certificates and proxies. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KubeconfigConnectionTest extends KubeconfigTestSupport {
  private static final String NAME = "api.cluster.test";

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
}
