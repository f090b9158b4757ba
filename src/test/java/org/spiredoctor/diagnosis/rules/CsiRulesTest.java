package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Layouts;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.kube.Kind;

/** What the SPIFFE CSI driver puts into pods, in the layouts of SPIRE's chart and of Istio. */
class CsiRulesTest {

  private static ClusterScene driverWith(String directory) {
    return Layouts.chart()
        .set(Kind.POD, "spire-spiffe-csi-driver-4k9dz", "/spec/volumes/0/hostPath/path", directory);
  }

  @Test
  void csiDirectoryMismatch() {
    Expect.healthy(Layouts.chart());
    Finding found = Expect.first("csi-directory-mismatch", driverWith("/run/spire/sockets"));
    assertThat(found.summary())
        .isEqualTo(
            "The SPIFFE CSI driver hands out /run/spire/sockets, but the agents have their socket"
                + " in /run/spire/agent-sockets");
    assertThat(found.remedies().getFirst().summary())
        .contains("spiffe-csi-driver.agentSocketPath", "spire-agent.socketPath");
    assertThat(found.remedies().get(1).block())
        .startsWith("kubectl patch -n spire-system daemonset/spire-spiffe-csi-driver -p ")
        .contains("\"path\":\"/run/spire/agent-sockets\"");
    // One is a part of the other.
    Expect.healthy(driverWith("/run/spire"));
    // Two names of one directory.
    Expect.healthy(driverWith("/var/run/spire/agent-sockets"));
  }

  @Test
  void anEmptyDirOfTheDriversOwnIsNoAgents() {
    ClusterScene scene =
        Layouts.chart()
            .edit(
                Kind.POD,
                "spire-spiffe-csi-driver-4k9dz",
                o -> {
                  ObjectNode volume = (ObjectNode) o.at("/spec/volumes/0");
                  volume.remove("hostPath");
                  volume.putObject("emptyDir");
                });
    assertThat(Expect.first("csi-directory-mismatch", scene).remedies().get(1).block())
        .contains("\"emptyDir\":null");
  }

  @Test
  void whereTheAgentsSocketIsUnknownSoIsWhetherTheDriverHasIt() {
    assertThat(Layouts.chart().configMap("spire-agent", "agent.conf", "").report().verdict())
        .isEqualTo(Report.Verdict.UNKNOWN);
  }

  @Test
  void csiMountStale() {
    Expect.healthy(Layouts.istio("2026-01-02T02:00:00Z"));
    Finding found = Expect.first("csi-mount-stale", Layouts.istio("2026-01-02T03:01:00Z"));
    assertThat(found.confidence()).isEqualTo(Finding.Confidence.CERTAIN);
    assertThat(found.remedies().getFirst())
        .isEqualTo(
            new Remedy.Command(
                "Replace the pod: it mounts the directory that is there now",
                "kubectl delete pod -n apps web"));
  }
}
