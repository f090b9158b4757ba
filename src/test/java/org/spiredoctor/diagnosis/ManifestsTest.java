package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

class ManifestsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/run/spire/sockets",
        "unix:///spire-agent-socket/spire-agent.sock",
        "tcp://127.0.0.1:8081",
        "/a: {b: c}",
        "/a #b",
        "{a: b}",
        "- a",
        "*a",
        "&a b",
        "!!binary x",
        "a:",
        "|",
        "\"",
        "'",
        "\\",
        "true",
        "No",
        "null",
        "~",
        "1.0",
        "0x1",
        "",
        " a ",
        "a\u2028b",
        "$(HOST_IP):8081"
      })
  void aScalarStaysOne(String text) {
    assertThat(new Yaml().<Map<String, Object>>load("key: " + Manifests.scalar(text)))
        .isEqualTo(Map.of("key", text));
  }

  @Test
  void whatAgentsAndServersAreUsuallyGivenNeedsNoQuotes() {
    assertThat(
            List.of("/run/spire/agent-sockets", "unix:///run/spire/agent.sock", "spire-server:443"))
        .allSatisfy(text -> assertThat(Manifests.scalar(text)).isEqualTo(text));
  }

  @Test
  void aLongScalarIsOneToo() {
    String text = "/x" + ":a".repeat(100_000);
    assertThat(Manifests.scalar(text)).isEqualTo(text);
    assertThat(Manifests.scalar(text + ":")).startsWith("\"/x:a");
  }

  @Test
  void noLineIsAddedToAManifest() {
    assertThat(Manifests.scalar("/a\n  hostNetwork: true")).doesNotContain("\n");
    assertThat(Manifests.quoted("a\"\nb")).isEqualTo("\"a\\\"\\nb\"");
  }
}
