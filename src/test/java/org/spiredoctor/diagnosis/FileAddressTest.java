package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.kube.Kind;

/** Programs that are told of the socket by a file of a config map. */
class FileAddressTest {

  /** As spiffe-helper is: no variable, and a config map with its configuration. */
  private static ClusterScene helper(String key, String text) {
    return ClusterScene.healthy()
        .set(Kind.POD, "web", "/spec/containers/0/env", "[]")
        .webMounts("helper", "/etc/helper")
        .configMapIn("apps", "helper", key, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent_address = \"/spire-socket/api.sock\"\ncmd = \"\"",
        "{\"agent_address\": \"unix:///spire-socket/api.sock\", \"cmd\": \"x\"}",
        "spiffeSocketPath=unix:/spire-socket/api.sock",
        "socket_path: /spire-socket/api.sock",
        "  pipe:\n    path: /spire-socket/api.sock",
        "address: {pipe: {path: /spire-socket/api.sock}}"
      })
  void whatTheFileSaysIsSeen(String text) {
    Report report = helper("helper.conf", text).report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.HEALTHY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent_address = \"/spire-socket/agent.sock\"",
        "agent_address = \"/run/other/agent.sock\"",
        "pipe: {path: /spire-socket/agent.sock}"
      })
  void aFileThatNamesAnotherSocketIsQuoted(String text) {
    Finding found = helper("helper.conf", text).report().findings().getFirst().finding();
    assertThat(found.id()).isEqualTo("pod-socket-path-mismatch");
    assertThat(found.summary()).contains("The config map helper says", "/spire-socket/api.sock");
    assertThat(found.evidence().toString()).contains("config map helper, key helper.conf");
  }

  /** Nothing is said of what was not seen, or is of something else. */
  @ParameterizedTest
  @ValueSource(strings = {"pipe: {path: /var/run/docker.sock}", "listen = 80"})
  void whatTheFileDoesNotSayIsUnknown(String text) {
    Report report = helper("helper.conf", text).report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown().toString()).contains("it can stand in a file under /etc/helper");
  }

  /** A config map may hold the files of several containers. */
  @Test
  void aFileOfAnotherContainerIsNotThisOnes() {
    ClusterScene scene =
        helper("helper.conf", "agent_address = \"/other/api.sock\"")
            .edit(
                Kind.POD,
                "web",
                o ->
                    ((ArrayNode) o.at("/spec/containers"))
                        .addObject()
                        .put("name", "helper")
                        .put("image", "helper:1"))
            .set(
                Kind.POD,
                "web",
                "/spec/containers/1/volumeMounts",
                "[{name: spire, mountPath: /other}, {name: helper, mountPath: /etc/helper}]");
    assertThat(scene.report().findings())
        .noneMatch(ranked -> ranked.finding().id().equals("pod-socket-path-mismatch"));
  }

  @Test
  void ofAConfigMapThatIsMountedAsAFileOnlyThatCounts() {
    ClusterScene scene =
        helper("helper.conf", "agent_address = \"/spire-socket/agent.sock\"")
            .addToConfigMapIn(
                "apps", "helper", "other.conf", "socket_path: /spire-socket/api.sock");
    String mount = "/spec/containers/0/volumeMounts/1/subPath";
    assertThat(scene.set(Kind.POD, "web", mount, "other.conf").report().findings()).isEmpty();
    assertThat(scene.set(Kind.POD, "web", mount, "helper.conf").report().findings())
        .anyMatch(ranked -> ranked.finding().id().equals("pod-socket-path-mismatch"));
  }

  /** Controllers put it into every namespace. */
  @Test
  void aBundleOfAuthoritiesHoldsNoAddress() {
    ClusterScene scene =
        helper("root-cert.pem", "")
            .set(Kind.POD, "web", "/spec/volumes/1/configMap/name", "istio-ca-root-cert");
    assertThat(scene.report().unknown().toString()).doesNotContain("it can stand in a file");
  }
}
