package org.spiredoctor.diagnosis.rules.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.TIME;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.spire.Ending.Phase;

class AgentWithoutHostPidTest {
  private static final String RESET = "SocketException: Connection reset";

  @Test
  void agentWithoutHostPidInThePod() {
    Expect.first("agent-without-host-pid", Scene.connection(Phase.HANDSHAKE, RESET));
  }

  @Test
  void agentWithoutHostPid() {
    ClusterScene scene =
        ClusterScene.healthy()
            .set(Kind.POD, "spire-agent-x1y2z", "/spec/hostPID", "false")
            .set(Kind.DAEMON_SET, "spire-agent", "/spec/template/spec/hostPID", "false");
    Finding found = Expect.first("agent-without-host-pid", scene);
    assertThat(command(found))
        .isEqualTo(
            "kubectl -n spire-system patch daemonset/spire-agent --type=merge -p"
                + " '{\"spec\":{\"template\":{\"spec\":{\"hostPID\":true}}}}'");
    assertThat(
            Expect.first(
                    "agent-without-host-pid",
                    scene.agentLog(
                        TIME
                            + "level=warning msg=\"Connection failed during accept\""
                            + " error=\"could not resolve caller information\"\n"))
                .confidence())
        .isEqualTo(Confidence.CERTAIN);
  }
}
