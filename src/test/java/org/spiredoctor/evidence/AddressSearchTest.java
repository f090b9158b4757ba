package org.spiredoctor.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.evidence.Address.Origin;

/** A flag beats a variable, a variable beats detection, detection beats the default. */
class AddressSearchTest {
  private static final Map<String, String> ALL =
      Map.of(
          "SPIFFE_ENDPOINT_SOCKET", "unix:///a/spiffe.sock",
          "SPIRE_AGENT_SOCKET", "/a/spire.sock",
          "SOCKET_DIR", "/a/dir",
          "SOCKET_FILE", "file.sock");

  private static Address find(Map<String, String> environment, String... sockets) {
    return new AddressSearch(
            environment, path -> java.util.List.of(sockets).contains(path.toString()))
        .find(Optional.empty());
  }

  @Test
  void theFlag() {
    Address address = new AddressSearch(ALL, _ -> true).find(Optional.of("/a/flag.sock"));
    assertThat(address.origin()).isEqualTo(Origin.FLAG);
    assertThat(address.endpoint().orElseThrow()).hasToString("unix:///a/flag.sock");
  }

  @Test
  void theVariables() {
    assertThat(find(ALL).source()).isEqualTo("SPIFFE_ENDPOINT_SOCKET");
    assertThat(find(Map.of("SPIRE_AGENT_SOCKET", "/a/spire.sock")).endpoint().orElseThrow())
        .hasToString("unix:///a/spire.sock");
    assertThat(find(Map.of("SOCKET_DIR", "/a/dir")).text()).isEqualTo("/a/dir/api.sock");
    assertThat(find(Map.of("SOCKET_FILE", "x.sock")).text())
        .isEqualTo("/tmp/spire-agent/public/x.sock");
  }

  @Test
  void librariesDoNotTakeABarePathInTheirVariable() {
    Address address = find(Map.of("SPIFFE_ENDPOINT_SOCKET", "/a/b.sock"));
    assertThat(address.problem()).isPresent();
    assertThat(address.suggestion()).contains("unix:///a/b.sock");
    assertThat(find(Map.of("SPIFFE_ENDPOINT_SOCKET", "")).problem()).contains("it is empty");
  }

  @Test
  void whatIsFoundAndTheDefault() {
    Address found = find(Map.of(), "/run/spire/sockets/agent.sock");
    assertThat(found.origin()).isEqualTo(Origin.DETECTED);
    assertThat(found.text()).isEqualTo("unix:///run/spire/sockets/agent.sock");
    Address none = find(Map.of());
    assertThat(none.origin()).isEqualTo(Origin.DEFAULT);
    assertThat(none.text()).isEqualTo("unix:///tmp/spire-agent/public/api.sock");
  }
}
