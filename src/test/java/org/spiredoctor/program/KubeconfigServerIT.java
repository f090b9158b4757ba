package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.BothClients.ALLOWED;
import static org.spiredoctor.program.BothClients.FAILED;
import static org.spiredoctor.program.KubeconfigRows.reading;
import static org.spiredoctor.program.RealCluster.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.kube.ConnectProxy;

/** The rows of docs/kubeconfig.md on the address, the certificate and the proxy of a cluster. */
@RealClusterTest("clusters of kubeconfigs beside kubectl")
class KubeconfigServerIT extends KubeconfigRowsSupport {
  /** Not in the DNS, and not in the certificate of the API server. */
  private static final String ELSEWHERE = "https://api.cluster.test";

  @Test
  void aServerMayHaveAPath() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("kubectl", "proxy", "--port=0", "--api-prefix=/deep")
            .redirectErrorStream(true);
    builder.environment().putAll(cluster().environment());
    Process proxy = builder.start();
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(proxy.getInputStream(), StandardCharsets.UTF_8))) {
      String line = said.readLine();
      String server = "server: \"http://" + line.substring(line.lastIndexOf("127.0.0.1"));
      clients.ask(rows.config(server + "/deep\"", "")).are(ALLOWED);
      // What this proxy is shown it hands on; so nothing is shown to an http:// server.
      clients.ask(rows.config(server + "/deep/\"", "token: other")).are(ALLOWED);
      clients.ask(rows.config(server + "/shallow\"", "")).are(FAILED);
    } finally {
      proxy.destroy();
    }
  }

  @Test
  void aUserInTheAddressIsShownBeforeAllOthers() throws IOException {
    String server = rows.server().replace("https://", "https://jane:planted@");
    BothClients.Answers answers =
        clients
            .ask(rows.config(rows.at(server), "token: " + rows.token()))
            .are("system:anonymous cannot list pods");
    assertThat(answers.doctor().text()).doesNotContain("planted");
  }

  @Test
  void authorities() throws IOException {
    String server = "server: \"" + rows.server() + "\"";
    Files.write(directory.resolve("ca.crt"), rows.authority());
    clients.ask(rows.config(rows.here(), rows.admin())).are(ALLOWED);
    // Relative to the kubeconfig.
    clients.ask(rows.config(server + ", certificate-authority: ca.crt", rows.admin())).are(ALLOWED);
    clients
        .ask(rows.config(rows.here() + ", certificate-authority: missing", rows.admin()))
        .are(FAILED);
    clients
        .ask(rows.config(server + ", certificate-authority: missing", rows.admin()))
        .are(FAILED)
        .because("missing does not exist");
    clients.ask(rows.config(server, rows.admin())).are(FAILED);
    Path config = rows.file("system", rows.yaml(server, rows.admin(), ""));
    clients
        .ask(reading(config, "SSL_CERT_FILE", directory.resolve("ca.crt").toString()))
        .are(ALLOWED);
    Path key = directory.resolve("other.key");
    cluster()
        .sh(
            "openssl req -x509 -newkey ed25519 -nodes -keyout '%1$s' -subj /CN=other -out '%1$s.crt'"
                .formatted(key));
    clients
        .ask(rows.config(server + ", certificate-authority: other.key.crt", rows.admin()))
        .are(FAILED);
    String insecure = ", insecure-skip-tls-verify: true";
    clients.ask(rows.config(server + insecure, rows.admin())).are(ALLOWED);
    clients
        .ask(rows.config(rows.here() + insecure, rows.admin()))
        .are(FAILED)
        .because("remove one of them");
    clients
        .ask(rows.config(rows.here() + ", disable-compression: true", rows.admin()))
        .are(ALLOWED);
  }

  @Test
  void theNameOfTheServerAndTheProxyToIt() throws IOException {
    try (ConnectProxy proxy = new ConnectProxy(rows.address())) {
      String through = ", proxy-url: \"http://%s127.0.0.1:" + proxy.port() + "\"";
      String there = rows.at(ELSEWHERE) + through.formatted("");
      String named = ", tls-server-name: " + rows.address().getHostString();
      clients.ask(rows.config(there, rows.admin())).are(FAILED);
      clients.ask(rows.config(there + named, rows.admin())).are(ALLOWED);
      clients
          .ask(rows.config(rows.here() + ", tls-server-name: other.test", rows.admin()))
          .are(FAILED);
      assertThat(proxy.heads())
          .allSatisfy(
              head -> assertThat(head.getFirst()).startsWith("CONNECT api.cluster.test:443"));
      int before = proxy.heads().size();
      String asJane = rows.at(ELSEWHERE) + through.formatted("jane:planted@") + named;
      clients.ask(rows.config(asJane, rows.admin())).are(ALLOWED);
      assertThat(proxy.heads().subList(before, proxy.heads().size()))
          .hasSizeGreaterThan(1)
          .allSatisfy(
              head ->
                  assertThat(head)
                      .anyMatch(
                          line -> line.equals("Proxy-Authorization: Basic amFuZTpwbGFudGVk")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https", "socks5"})
  void aProxyThatCannotBeUsedIsNeverBypassed(String scheme) throws IOException {
    clients
        .ask(
            rows.config(
                rows.here() + ", proxy-url: \"" + scheme + "://127.0.0.1:1\"", rows.admin()))
        .are(FAILED)
        .because("proxy-url of cluster 'c'");
  }

  @Test
  void theProxyOfTheEnvironment() throws IOException {
    try (ConnectProxy proxy = new ConnectProxy(rows.address())) {
      String named = ", tls-server-name: " + rows.address().getHostString();
      Path there = rows.file("there", rows.yaml(rows.at(ELSEWHERE) + named, rows.admin(), ""));
      String address = "http://127.0.0.1:" + proxy.port();
      String dead = "http://127.0.0.1:1";
      clients.ask(reading(there)).are(FAILED);
      clients.ask(reading(there, "HTTPS_PROXY", address)).are(ALLOWED);
      clients.ask(reading(there, "https_proxy", address, "HTTP_PROXY", dead)).are(ALLOWED);
      clients.ask(reading(there, "https_proxy", address, "HTTPS_PROXY", dead)).are(FAILED);
      clients
          .ask(reading(there, "HTTPS_PROXY", address), "--kubeconfig", there.toString())
          .are(ALLOWED);
      for (String direct :
          new String[] {".cluster.test", "*.cluster.test", "*", "cluster.test:443"}) {
        clients.ask(reading(there, "HTTPS_PROXY", address, "NO_PROXY", direct)).are(FAILED);
      }
      clients
          .ask(reading(there, "HTTPS_PROXY", address, "NO_PROXY", "cluster.test:8443,other.test"))
          .are(ALLOWED);
      Path own =
          rows.file(
              "own",
              rows.yaml(
                  rows.at(ELSEWHERE) + named + ", proxy-url: \"" + address + "\"",
                  rows.admin(),
                  ""));
      clients.ask(reading(own, "HTTPS_PROXY", dead, "NO_PROXY", "*")).are(ALLOWED);
      if (rows.address().getAddress().isLoopbackAddress()) {
        Path here = rows.file("here", rows.yaml(rows.here(), rows.admin(), ""));
        clients.ask(reading(here, "HTTPS_PROXY", dead)).are(ALLOWED);
      }
    }
  }
}
