package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class AgentConfigInvalidTest {
  @Test
  void agentConfigInvalid() {
    Finding found =
        Expect.first(
            "agent-config-invalid",
            ClusterScene.healthy()
                .agentCrashes(
                    "unable to decode configuration at \"a.conf\": At 2:2: object expected closing"
                        + " RBRACE got: EOF\n"));
    assertThat(command(found)).isEqualTo("kubectl edit configmap -n spire-system spire-agent");
    Finding plugin =
        Expect.first(
            "agent-config-invalid",
            ClusterScene.healthy()
                .agentCrashes(
                    "level=error msg=\"Agent crashed\" error=\"failed to configure plugin"
                        + " \\\"k8s_psat\\\": rpc error: code = InvalidArgument desc = missing"
                        + " required cluster block\"\n"));
    assertThat(plugin.confidence()).isEqualTo(Confidence.CERTAIN);
  }

  private static ClusterScene withoutToken(String automount) {
    return ClusterScene.healthy()
        .set(
            Kind.DAEMON_SET,
            "spire-agent",
            "/spec/template/spec/automountServiceAccountToken",
            automount)
        .agentCrashes(
            "level=error msg=\"Agent crashed\" error=\"failed to configure plugin \\\"k8s\\\":"
                + " rpc error: code = InvalidArgument desc = unable to load token: open"
                + " /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or"
                + " directory\"\n");
  }

  @Test
  void anAgentWithoutItsTokenIsGivenIt() {
    Finding found = Expect.first("agent-config-invalid", withoutToken("false"));
    assertThat(found.evidence().toString()).contains("automountServiceAccountToken false");
    assertThat(command(found))
        .contains(
            "patch -n spire-system daemonset/spire-agent", "automountServiceAccountToken\":true");
    assertThat(command(Expect.first("agent-config-invalid", withoutToken("true"))))
        .contains("edit configmap");
  }
}
