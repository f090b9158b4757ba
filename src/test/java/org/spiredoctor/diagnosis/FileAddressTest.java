package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
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
        .edit(
            Kind.POD,
            "web",
            o -> {
              ((ArrayNode) o.at("/spec/volumes"))
                  .addObject()
                  .put("name", "helper")
                  .putObject("configMap")
                  .put("name", "helper");
              ((ArrayNode) o.at("/spec/containers/0/volumeMounts"))
                  .addObject()
                  .put("name", "helper")
                  .put("mountPath", "/etc/helper");
            })
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
}
