package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gate for config maps of workloads. */
class AddressFilesTest {
  private static String kept(String text) {
    ObjectNode map = new ObjectMapper().createObjectNode();
    map.putObject("metadata").put("name", "helper");
    map.putObject("data").put("helper.conf", text);
    return AddressFiles.kept(map).path("data").path("helper.conf").asText();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "agent_address = \"/run/spire/sockets/agent.sock\" | agent_address = /run/spire/sockets/agent.sock",
        "\"socket_path\": \"/x/y.sock\", | socket_path = /x/y.sock",
        "spiffeSocketPath=unix:/tmp/agent.sock | spiffeSocketPath = unix:/tmp/agent.sock",
        "pipe: {path: /x/socket} | path = /x/socket",
        "SPIFFE_ENDPOINT_SOCKET: unix:///x/y.sock | SPIFFE_ENDPOINT_SOCKET = unix:///x/y.sock"
      })
  void addressesAreHeld(String line, String kept) {
    assertThat(kept("first\n" + line + "\nlast")).isEqualTo(kept + "\n");
  }

  @Test
  void nothingElseIs() {
    assertThat(kept("password = \"hunter2\"\nagent_address = \"/x/y.sock\" # hunter2\n"))
        .isEqualTo("agent_address = /x/y.sock\n");
    assertThat(kept("# agent_address = \"/x/y.sock\"")).isEmpty();
    assertThat(kept("// path: /x/y.sock")).isEmpty();
    assertThat(kept("token_path_x: /x")).isEmpty();
    assertThat(kept("path: /services/T0AB/B0CD/abcdefghijklmnop")).isEmpty();
    assertThat(kept("mypath = /x/y.sock")).isEmpty();
    assertThat(kept("agent_address = /x/y.sock;rm")).isEmpty();
    assertThat(kept("path = " + "/x".repeat(1000))).isEmpty();
  }
}
