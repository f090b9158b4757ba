package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.agentConf;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.rules.Expect;

class AgentServerUnreachableTest {
  @Test
  void agentServerUnreachable() {
    Finding name =
        Expect.first("agent-server-unreachable", agentConf("\"spire-server\"", "\"spire-srver\""));
    assertThat(name.summary()).contains("spire-srver", "the server's is spire-server");
    assertThat(command(name))
        .isEqualTo(
            "config=$(kubectl get configmap -n spire-system spire-agent -o"
                + " 'jsonpath={.data.agent\\.conf}') && [ -n \"$config\" ] && printf '%s\\n'"
                + " \"$config\" |"
                + " sed -E 's/((^|[^A-Za-z0-9_])server_address\"?[[:space:]]*[=:][[:space:]]*"
                + "\"?)spire-srver([[:space:]\",}]|$)/\\1spire-server\\3/' | kubectl create configmap"
                + " spire-agent --from-file=agent.conf=/dev/stdin --dry-run=client -o yaml |"
                + " kubectl patch configmap -n spire-system spire-agent --patch-file=/dev/stdin &&"
                + " kubectl rollout restart -n spire-system daemonset/spire-agent");
    Finding port =
        Expect.first(
            "agent-server-unreachable",
            agentConf("server_port = \"8081\"", "server_port = \"9081\""));
    assertThat(port.summary()).contains("9081", "8081");
    Finding outside =
        Expect.first(
            "agent-server-unreachable",
            agentConf("\"spire-server\"", "\"192.0.2.1\"")
                .attested()
                .agentNotReady()
                .agentLog(
                    "level=warning msg=\"Failed to retrieve attestation result\" error=\"could not"
                        + " open attestation stream to SPIRE server: dial tcp 192.0.2.1:8081: i/o"
                        + " timeout\"\n"));
    assertThat(outside.confidence()).isEqualTo(Confidence.LIKELY);
  }
}
