package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.LayoutReports.at;
import static org.spiredoctor.diagnosis.LayoutReports.first;
import static org.spiredoctor.diagnosis.LayoutReports.healthy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;

/** The CSI driver in the layouts of others. */
class DriversOfLayoutsTest {
  /** Both are known to be SPIRE, so that none is left aside. */
  private static ClusterScene with(OtherSpire other, ClusterScene scene, Entry... more) {
    other.in(scene, more);
    return scene
        .kubeletRights(other.account("agent"))
        .kubeletRights("spire-system:spire-agent")
        .allowed(other.account("server"), "create", "authentication.k8s.io", "tokenreviews")
        .allowed(other.account("server"), "get", "", "pods")
        .allowed(other.account("server"), "get", "", "nodes");
  }

  private static List<String> ids(ClusterScene scene) {
    return scene.report().findings().stream().map(ranked -> ranked.finding().id()).toList();
  }

  /** Agents of another SPIRE do not stand in for those that are not there. */
  @Test
  void aDriverIsComparedWithTheAgentsOfItsOwnSpire() {
    OtherSpire other = new OtherSpire("aqua-system", "aqua", "aqua.example", "/run/aqua/sockets");
    ClusterScene both = with(other, Layouts.chart());
    healthy(both);
    ClusterScene gone = both.set(Kind.POD, "spire-agent-x1y2z", "/spec/nodeName", "node-9");
    assertThat(ids(gone)).contains("agent-not-on-node").doesNotContain("csi-directory-mismatch");
    assertThat(gone.report().findings().toString()).doesNotContain("/run/aqua/sockets");
  }

  private static ClusterScene nested() {
    OtherSpire upstream =
        new OtherSpire("spire-system", "up", "example.org", "/run/spire/agent-sockets-upstream");
    return with(upstream, Layouts.chart())
        .copy(Kind.POD, "spire-spiffe-csi-driver-4k9dz", "csi-up")
        .set(Kind.POD, "csi-up", "/metadata/uid", "csi-up")
        .set(Kind.POD, "csi-up", "/metadata/ownerReferences", "[]")
        .set(
            Kind.POD,
            "csi-up",
            "/spec/containers/0/args",
            "[-workload-api-socket-dir, /spire-agent-socket, -plugin-name, upstream.csi.spiffe.io]")
        .set(
            Kind.POD,
            "csi-up",
            "/spec/volumes/0/hostPath/path",
            "/run/spire/agent-sockets-upstream")
        .object(Kind.CSI_DRIVER, "{metadata: {name: upstream.csi.spiffe.io}}");
  }

  /** Of two SPIREs in one namespace it is not known whose directory a driver should have. */
  @Test
  void ofNestedSpiresEachHasItsDriver() {
    healthy(nested());
    Finding found =
        nested()
            .set(
                Kind.POD,
                "spire-spiffe-csi-driver-4k9dz",
                "/spec/volumes/0/hostPath/path",
                "/run/zzz")
            .report()
            .findings()
            .getFirst()
            .finding();
    assertThat(found.id()).isEqualTo("csi-directory-mismatch");
    assertThat(found.summary())
        .contains("/run/spire/agent-sockets/spire-agent.sock or /run/spire/agent-sockets-upstream");
    assertThat(found.remedies()).noneMatch(Remedy.Command.class::isInstance);
  }

  /** Its socket is another's, and another's identity would come of a correction. */
  @Test
  void ofASpireThatIsLeftAsideNothingIsCompared() {
    OtherSpire other = new OtherSpire("aqua-system", "aqua", "aqua.example", "/run/aqua/sockets");
    Report report =
        with(other, ClusterScene.healthy())
            .spireIn("aqua-system")
            .askingFor("apps", "web")
            .report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown().toString())
        .contains("the SPIRE of the pod apps/web", "not in the namespace that was named");
  }

  /** Whoever is given a flag of a driver is none by that. */
  @Test
  void aFlagMakesNoDriver() {
    assertThat(
            first(
                at("unix:///spiffe-workload-api/zzz.sock")
                    .set(
                        Kind.POD,
                        "web",
                        "/spec/containers/0/args",
                        "[--workload-api-socket-dir=/x]")))
        .isEqualTo("pod-socket-path-mismatch");
  }

  /** Whoever may mount on a node has it as it is. */
  @Test
  void aDriverMayHaveANamespaceOfItsOwn() {
    healthy(elsewhere(Layouts.chart()));
    ClusterScene wrong =
        elsewhere(
            Layouts.chart()
                .set(
                    Kind.POD,
                    Layouts.DRIVER,
                    "/spec/volumes/0/hostPath/path",
                    "/run/spire/sockets"));
    Finding found = wrong.report().findings().getFirst().finding();
    assertThat(found.id()).isEqualTo("csi-directory-mismatch");
    assertThat(found.remedies()).noneMatch(Remedy.Command.class::isInstance);
  }

  private static ClusterScene elsewhere(ClusterScene scene) {
    return scene
        .set(Kind.DAEMON_SET, "spire-spiffe-csi-driver", "/metadata/namespace", "spiffe-csi")
        .set(Kind.POD, Layouts.DRIVER, "/metadata/namespace", "spiffe-csi")
        .set(
            Kind.POD,
            Layouts.DRIVER,
            "/status/containerStatuses/0/state",
            "{running: {startedAt: '2026-01-02T02:00:00Z'}}")
        .edit(
            Kind.POD,
            Layouts.DRIVER,
            o -> {
              ((ArrayNode) o.at("/spec/volumes"))
                  .addObject()
                  .put("name", "plugins")
                  .putObject("hostPath")
                  .put("path", "/var/lib/kubelet/plugins/csi.spiffe.io");
              ((ArrayNode) o.at("/spec/containers/0/volumeMounts"))
                  .addObject()
                  .put("name", "pods")
                  .put("mountPath", "/var/lib/kubelet/pods")
                  .put("mountPropagation", "Bidirectional");
            });
  }

  /** One taint keeps away agents and CSI driver; each has its own tolerations. */
  @Test
  void whatKeepsAgentsAwayKeepsTheCsiDriverAwayToo() {
    Report report =
        Layouts.chart()
            .set(
                Kind.NODE,
                "node-1",
                "/spec/taints",
                "[{key: gpu, value: 'yes', effect: NoSchedule}]")
            .set(
                Kind.DAEMON_SET,
                "spire-agent",
                "/spec/template/spec/containers/0/volumeMounts/1/mountPath",
                "/tmp/spire-agent/public")
            .remove(Kind.POD, "spire-agent-x1y2z")
            .remove(Kind.POD, Layouts.DRIVER)
            .report();
    Finding found = report.findings().getFirst().finding();
    assertThat(found.id()).isEqualTo("agent-not-on-node");
    assertThat(report.findings().stream().skip(1)).allMatch(r -> r.explainedBy().isPresent());
    assertThat(found.remedies().stream().map(Remedy::block))
        .anyMatch(command -> command.contains("daemonset/spire-agent --type=json"))
        .anyMatch(command -> command.contains("daemonset/spire-spiffe-csi-driver --type=json"));
    assertThat(found.evidence()).doesNotHaveDuplicates();
  }
}
