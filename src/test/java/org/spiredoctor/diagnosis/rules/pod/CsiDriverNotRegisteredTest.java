package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.Layouts.DRIVER;
import static org.spiredoctor.diagnosis.rules.Expect.commands;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.csiDriver;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.pending;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.withCsi;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Layouts;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class CsiDriverNotRegisteredTest {
  @Test
  void csiDriverNotRegistered() {
    Finding absent =
        Expect.first("csi-driver-not-registered", pending(withCsi(ClusterScene.healthy(), true)));
    assertThat(absent.summary()).contains("this cluster does not have");
    Finding here =
        Expect.first(
            "csi-driver-not-registered",
            csiDriver(pending(withCsi(ClusterScene.healthy(), true)))
                .event(
                    "Pod",
                    "apps",
                    "web",
                    "FailedMount",
                    "driver name csi.spiffe.io not found in the list of registered CSI drivers"));
    assertThat(here.summary()).contains("this node does not have");
    assertThat(here.evidence().toString()).contains("runs no pod of the SPIFFE CSI driver");
  }

  private static ClusterScene waiting(ClusterScene scene) {
    return scene
        .remove(Kind.POD, DRIVER)
        .set(Kind.POD, "web", "/status/phase", "Pending")
        .set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: 'False'}]")
        .set(
            Kind.POD,
            "web",
            "/status/containerStatuses",
            "[{name: app, state: {waiting: {reason: ContainerCreating}}}]")
        .event(
            "Pod",
            "apps",
            "web",
            "FailedMount",
            "driver name csi.spiffe.io not found in the list of registered CSI drivers");
  }

  private static ClusterScene tainted(ClusterScene scene) {
    return scene.set(
        Kind.NODE, "node-1", "/spec/taints", "[{key: gpu, value: 'yes', effect: NoSchedule}]");
  }

  /** The agents tolerate everything, as in SPIRE's quickstart; the driver does not. */
  @Test
  void csiDriverNotRegisteredSinceItToleratesLess() {
    ClusterScene scene =
        tainted(waiting(Layouts.chart()))
            .set(
                Kind.DAEMON_SET,
                "spire-agent",
                "/spec/template/spec/tolerations",
                "[{operator: Exists}]");
    Finding found = Expect.first("csi-driver-not-registered", scene);
    assertThat(found.summary())
        .endsWith(
            "this node does not have: the CSI driver's pods do not tolerate its taint"
                + " gpu=yes:NoSchedule");
    assertThat(commands(found).getFirst())
        .startsWith("kubectl patch -n spire-system daemonset/spire-spiffe-csi-driver --type=json")
        .contains("\"key\":\"gpu\"");
  }

  @Test
  void selectorsAndAffinityKeepTheDriverAway() {
    Finding selected =
        Expect.first(
            "csi-driver-not-registered",
            waiting(Layouts.chart())
                .set(
                    Kind.DAEMON_SET,
                    "spire-spiffe-csi-driver",
                    "/spec/template/spec/nodeSelector",
                    "{example.org/csi: 'yes'}"));
    assertThat(selected.summary()).contains("nodeSelector of the CSI driver's pods requires");
    Finding excluded =
        Expect.first(
            "csi-driver-not-registered",
            waiting(Layouts.chart())
                .set(
                    Kind.DAEMON_SET,
                    "spire-spiffe-csi-driver",
                    "/spec/template/spec/affinity",
                    "{nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
                        + " {nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In,"
                        + " values: [a]}]}]}}}"));
    assertThat(excluded.summary()).contains("node affinity of the CSI driver's pods excludes it");
  }

  /** Anybody can make a DaemonSet of the driver's image; a toleration is not given to it. */
  @Test
  void aDriverOutsideOfSpireIsGivenNothing() {
    Finding found =
        Expect.first(
            "csi-driver-not-registered",
            tainted(waiting(Layouts.chart()))
                .set(
                    Kind.DAEMON_SET,
                    "spire-agent",
                    "/spec/template/spec/tolerations",
                    "[{operator: Exists}]")
                .set(Kind.DAEMON_SET, "spire-spiffe-csi-driver", "/metadata/namespace", "apps"));
    assertThat(commands(found).getFirst()).startsWith("kubectl get daemonsets -A");
  }

  @Test
  void aDriverThatIsNotInstalledIsInstalled() {
    ClusterScene without =
        waiting(Layouts.chart())
            .remove(Kind.CSI_DRIVER, "csi.spiffe.io")
            .remove(Kind.DAEMON_SET, "spire-spiffe-csi-driver");
    Finding found = Expect.first("csi-driver-not-registered", without);
    assertThat(found.remedies().getFirst().summary()).startsWith("Install the driver");
    assertThat(commands(found).getFirst()).contains("path: /run/spire/agent-sockets");
    Finding chart =
        Expect.first(
            "csi-driver-not-registered",
            without.set(
                Kind.DAEMON_SET,
                "spire-agent",
                "/metadata/labels",
                "{helm.sh/chart: spire-agent-0.1.0}"));
    assertThat(chart.remedies().getFirst().summary()).contains("spiffe-csi-driver.enabled");
  }
}
