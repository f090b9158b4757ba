package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.withoutAgent;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class AgentNotOnNodeTest {
  @Test
  void agentNotOnNode() {
    Finding selected =
        Expect.first(
            "agent-not-on-node",
            withoutAgent()
                .set(
                    Kind.DAEMON_SET,
                    "spire-agent",
                    "/spec/template/spec/nodeSelector",
                    "{kubernetes.io/hostname: node-1, example.org/spire: 'yes'}"));
    assertThat(selected.summary()).contains("requires example.org/spire=yes");
    assertThat(selected.scope().nodes()).containsExactly("node-1");
    assertThat(command(selected))
        .isEqualTo(
            "kubectl patch -n spire-system daemonset/spire-agent --type=json -p"
                + " '[{\"op\":\"remove\",\"path\":\"/spec/template/spec/nodeSelector/"
                + "example.org~1spire\"}]'");
    Finding tainted =
        Expect.first(
            "agent-not-on-node",
            withoutAgent()
                .set(
                    Kind.NODE,
                    "node-1",
                    "/spec/taints",
                    "[{key: node.kubernetes.io/unschedulable, effect: NoSchedule}, {key: gpu,"
                        + " value: 'yes', effect: NoSchedule}]"));
    assertThat(tainted.summary()).contains("gpu=yes:NoSchedule");
    assertThat(command(tainted))
        .contains(
            "/spec/template/spec/tolerations\",\"value\":[{\"key\":\"gpu\",\"operator\":\"Exists\"");
    Finding excluded =
        Expect.first(
            "agent-not-on-node",
            withoutAgent()
                .set(
                    Kind.DAEMON_SET,
                    "spire-agent",
                    "/spec/template/spec/affinity",
                    "{nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
                        + " {nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In,"
                        + " values: [a]}]}]}}}"));
    assertThat(excluded.summary()).contains("affinity of the agents excludes it");
    Finding unsaid = Expect.first("agent-not-on-node", withoutAgent());
    assertThat(command(unsaid)).isEqualTo("kubectl describe daemonset -n spire-system spire-agent");
  }

  @Test
  void aServiceAccountThatIsGoneIsNamed() {
    Finding found =
        Expect.first(
            "agent-not-on-node",
            withoutAgent()
                .event(
                    "DaemonSet",
                    "spire-system",
                    "spire-agent",
                    "FailedCreate",
                    "Error creating: pods \"spire-agent-\" is forbidden: error looking up service"
                        + " account spire-system/spire-agent: serviceaccount \"spire-agent\" not"
                        + " found"));
    assertThat(found.summary()).contains("service account spire-system/spire-agent does not exist");
    assertThat(command(found))
        .isEqualTo("kubectl create serviceaccount -n spire-system spire-agent");
  }
}
