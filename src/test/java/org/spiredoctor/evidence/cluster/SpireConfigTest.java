package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SpireConfigTest {
  private static final String SERVER =
      """
      # trust_domain = "commented.example"
      server {
        bind_port = 8081 // not "quoted"
        /* trust_domain = "also.commented"
           socket_path = "/not/this" */
        trust_domain = "example.org"
        socket_path = "/run/spire/private/api.sock"
        ca_subject { country = ["US"], common_name = "a \\"quoted\\" name" }
      }
      plugins {
        DataStore "sql" { plugin_data { database_type = "sqlite3" } }
        NodeAttestor "k8s_psat" {
          plugin_data {
            clusters = {
              "first" = { service_account_allow_list = ["spire:a", "spire:b",] }
              second = { audience = ["other"] }
            }
          }
        }
        UpstreamAuthority "awssecret" { plugin_data { region = "eu" cluster = "not-this" } }
      }
      """;

  private static final String AGENT =
      """
      agent {
        data_dir = "/run/spire"
        server_address = "spire-server"
        socket_path = "/run/spire/sockets/api.sock"
        trust_domain = "example.org"
        trust_bundle_path = <<-EOF
          /run/spire/bundle/bundle.crt
          EOF
      }
      plugins {
        WorkloadAttestor "other" { plugin_data { cluster = "not-this" } }
        NodeAttestor "k8s_psat" {
          # cluster = "old"
          plugin_data { cluster = "demo" }
        }
      }
      """;

  /** As the Helm chart writes it. */
  private static final String CHART =
      """
      {
        "agent": {
          "data_dir": "/run/spire", "server_address": "spire-server.spire-server",
          "server_port": 443, "socket_path": "/tmp/spire-agent/public/spire-agent.sock",
          "trust_domain": "example.org"
        },
        "plugins": {
          "KeyManager": [{"memory": {"plugin_data": null}}],
          "NodeAttestor": [{"k8s_psat": {"plugin_data": {"cluster": "example-cluster"}}}],
          "WorkloadAttestor": [{"k8s": {"plugin_data": {"disable_container_selectors": false}}}]
        }
      }
      """;

  @Test
  void commentsAreNotRead() {
    assertThat(new SpireConfig(SERVER).trustDomain()).contains("example.org");
    assertThat(new SpireConfig(AGENT).cluster()).contains("demo");
  }

  @Test
  void aSettingIsOfItsBlock() {
    SpireConfig config = new SpireConfig(SERVER);
    assertThat(config.value("server", "socket_path")).contains("/run/spire/private/api.sock");
    assertThat(config.value("server", "ca_subject", "common_name")).contains("a \"quoted\" name");
    assertThat(config.value("server", "bind_port")).contains("8081");
    assertThat(config.value("socket_path")).isEmpty();
    assertThat(config.cluster()).isEmpty();
  }

  @Test
  void mapsAndListsAreRead() {
    SpireConfig config = new SpireConfig(SERVER);
    assertThat(config.keys("plugins", "NodeAttestor", "k8s_psat", "plugin_data", "clusters"))
        .containsExactly("first", "second");
    assertThat(
            config.values(
                "plugins",
                "NodeAttestor",
                "k8s_psat",
                "plugin_data",
                "clusters",
                "first",
                "service_account_allow_list"))
        .containsExactly("spire:a", "spire:b");
  }

  @Test
  void heredocsAreRead() {
    assertThat(new SpireConfig(AGENT).value("agent", "trust_bundle_path").map(String::strip))
        .contains("/run/spire/bundle/bundle.crt");
    assertThat(new SpireConfig(AGENT).cluster()).contains("demo");
  }

  @Test
  void jsonIsReadToo() {
    SpireConfig config = new SpireConfig(CHART);
    assertThat(config.trustDomain()).contains("example.org");
    assertThat(config.cluster()).contains("example-cluster");
    assertThat(config.agentSocket()).contains("/tmp/spire-agent/public/spire-agent.sock");
    assertThat(config.value("agent", "server_port")).contains("443");
    assertThat(
            new SpireConfig("{\"server\": {\"trust_domain\": \"\\u0065x\\u002eorg\"}}")
                .trustDomain())
        .contains("ex.org");
  }

  @Test
  void theLastOfSeveralCounts() {
    String text = "server { trust_domain = \"a\" }\nSERVER { Trust_Domain = \"b\" }";
    assertThat(new SpireConfig(text).trustDomain()).contains("b");
  }

  @Test
  void aPlaceholderIsNoValue() {
    SpireConfig config =
        new SpireConfig(
            """
            agent {
              trust_domain = "${TRUST_DOMAIN}"
              server_port = ${PORT}
              socket_path = "$SOCKET"
              server_address = "spire-server"
              log_level = "${file("x")}"
            }
            """);
    assertThat(config.trustDomain()).isEmpty();
    assertThat(config.value("agent", "server_port")).isEmpty();
    assertThat(config.agentSocket()).isEmpty();
    assertThat(config.value("agent", "server_address")).contains("spire-server");
  }

  @Test
  void whatIsNotSetHasTheDefault() {
    assertThat(new SpireConfig("agent { trust_domain = \"a\" }").agentSocket())
        .contains("/tmp/spire-agent/public/api.sock");
  }

  @Test
  void brokenTextIsReadAsFarAsItGoes() {
    for (String end : new String[] {"", "\"", "}}}", "/*", "<<EOF", "<<", "= =", "\\", "[", "${"}) {
      String text = "server { trust_domain = \"example.org\" x = " + end;
      assertThat(new SpireConfig(text).trustDomain()).as(end).contains("example.org");
    }
    assertThat(new SpireConfig("server { x = \"open\n trust_domain = \"b\" }").trustDomain())
        .contains("b");
  }

  @Test
  void garbageDoesNoHarm() {
    for (String part : new String[] {"[", "{", "{\"a\":", "a b ", "\"", "<<A\n", "/*", "${", "="}) {
      new SpireConfig(part.repeat((1 << 20) / part.length())).trustDomain();
    }
    Random random = new Random(1);
    String alphabet = "{}[]=:,\"\\#/*<$-\n\t abc0\0";
    StringBuilder text = new StringBuilder();
    random.ints(1 << 20, 0, alphabet.length()).forEach(at -> text.append(alphabet.charAt(at)));
    assertThat(new SpireConfig(text.toString()).cluster()).isEmpty();
  }
}
