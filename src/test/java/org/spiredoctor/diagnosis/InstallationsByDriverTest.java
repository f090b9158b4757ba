package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.kube.Kind;

/** Which SPIRE a pod belongs to shows by the CSI driver of its volume. */
class InstallationsByDriverTest extends SeveralInstallations {
  /** The driver may be in a namespace of its own; nobody else can mount on a node. */
  @Test
  void aDriverOfAnotherNamespaceThatMountsOnItsNodeTellsWhosePodItIs() {
    ClusterScene scene =
        other.driver(other.in(healthy(), grants(other, "other")), "b.csi.spiffe.io");
    scene.set(Kind.POD, "spire-driver", "/metadata/namespace", "csi");
    OtherSpire.pod(scene, "other", "csi: {driver: b.csi.spiffe.io, readOnly: true}");
    assertThat(scene.report().unknown())
        .anySatisfy(u -> assertThat(u.missing()).contains("which SPIRE the pod apps/other"));
    scene
        .set(
            Kind.POD,
            "spire-driver",
            "/spec/containers/0/volumeMounts",
            "[{name: agent, mountPath: /agent},"
                + " {name: kubelet, mountPath: /var/lib/kubelet, mountPropagation: Bidirectional}]")
        .add(
            Kind.POD,
            "spire-driver",
            "/spec/volumes",
            "{name: plugins, hostPath: {path: /var/lib/kubelet/plugins/b.csi.spiffe.io}}")
        .set(
            Kind.POD,
            "spire-driver",
            "/status/containerStatuses",
            "[{name: driver, ready: true, state: {running: {startedAt: '2026-01-02T03:00:00Z'}}}]");
    assertThat(scene.report().findings()).isEmpty();
    assertThat(scene.report().unknown()).isEmpty();
  }

  /** Its own SPIRE has neither an agent nor a driver on that node; the other has an agent there. */
  @Test
  void aPodWhoseDriverIsOnOtherNodesIsOfTheSpireOfThatDriver() {
    ClusterScene scene = other.driver(other.in(healthy()), "b.csi.spiffe.io");
    scene
        .copy(Kind.NODE, "node-1", "node-2")
        .copy(Kind.POD, "spire-agent-x1y2z", "spire-agent-2")
        .set(Kind.POD, "spire-agent-2", "/spec/nodeName", "node-2");
    OtherSpire.pod(scene, "other", "csi: {driver: b.csi.spiffe.io, readOnly: true}")
        .set(Kind.POD, "other", "/spec/nodeName", "node-2")
        .askingFor("apps", "other");
    assertThat(scene.report().findings())
        .filteredOn(one -> one.finding().subject().name().equals("other"))
        .isNotEmpty()
        .allSatisfy(
            one ->
                assertThat(one.finding().scope().installations())
                    .containsExactly("StatefulSet spire-b/spire-server of b.example"));
  }

  @Test
  void theHardenedChartIsOneInstallation() {
    ClusterScene scene = healthy();
    scene.configEdit(
        "spire-agent", "agent.conf", "\"spire-server\"", "\"spire-server.spire-server\"");
    for (Kind kind : List.of(Kind.POD, Kind.STATEFUL_SET, Kind.SERVICE)) {
      for (String name : List.of("spire-server-0", "spire-server")) {
        scene.edit(
            kind, name, o -> ((ObjectNode) o.at("/metadata")).put("namespace", "spire-server"));
      }
    }
    scene.configMapIn(
        "spire-server",
        "spire-server",
        "server.conf",
        """
        {"server": {"trust_domain": "example.org", "bind_port": "8081"},
         "plugins": {"NodeAttestor": [{"k8s_psat": {"plugin_data": {"clusters": [{"demo":
           {"service_account_allow_list": ["spire-system:spire-agent"]}}]}}}]}}
        """);
    for (String namespace : List.of("spire-server", "spire-system")) {
      ClusterScene asked = scene.spireIn(namespace);
      assertThat(asked.evidence().installations()).hasSize(1);
      assertThat(found(asked.report())).isEmpty();
      assertThat(asked.report().verdict()).isEqualTo(Report.Verdict.HEALTHY);
    }
  }

  @Test
  void theQuickstartBesideAnotherOne() {
    OtherSpire quickstart = new OtherSpire("spire", "spire", "example.org", "/run/spire/second");
    ClusterScene scene = quickstart.in(healthy(), grants(quickstart, "other"));
    assertThat(scene.evidence().installations())
        .extracting(one -> one.components().map(c -> c.namespace()).distinct().toList())
        .containsExactly(List.of("spire-system"), List.of("spire"));
    assertThat(
            found(OtherSpire.pod(scene, "other", "hostPath: {path: /run/spire/second}").report()))
        .isEmpty();
  }

  @Test
  void spireInSpireIsToldByItsDrivers() {
    OtherSpire root =
        new OtherSpire("spire-server", "root", "example.org", "/run/spire/upstream")
            .at("root-server.spire-server");
    ClusterScene scene =
        root.in(
            healthy(),
            entry(
                "downstream",
                "spiffe://example.org/downstream",
                "spiffe://example.org/root-nodes",
                "k8s:ns:spire-system",
                "k8s:sa:spire-server"));
    root.driver(scene, "upstream.csi.spiffe.io");
    new OtherSpire("spire-system", "own", "example.org", "/run/spire/sockets")
        .driver(scene, "csi.spiffe.io");
    // The server of the workloads is itself a workload of the root.
    scene.edit(
        Kind.POD,
        "spire-server-0",
        pod ->
            ((ArrayNode) pod.at("/spec/volumes"))
                .addObject()
                .put("name", "upstream")
                .putObject("csi")
                .put("driver", "upstream.csi.spiffe.io")
                .put("readOnly", true));
    OtherSpire.pod(scene, "other", "csi: {driver: csi.spiffe.io, readOnly: true}");
    Report missing = scene.report();
    assertThat(found(missing)).first().isEqualTo("entry-missing other");
    assertThat(firstCommand(missing)).contains("exec -n spire-system spire-server-0");

    Report downstream = scene.askingFor("spire-system", "spire-server-0").report();
    assertThat(downstream.path())
        .contains(
            new Link(
                "pod",
                Link.State.HOLDS,
                "spire-system/spire-server-0 is spiffe://example.org/downstream"));
  }

  /** Anybody can make a pod that says it brings the socket of one of them. */
  @Test
  void aDriverOfSomebodyElsesMovesNobody() {
    ClusterScene scene = other.in(healthy(), grants(other, "other"));
    new OtherSpire("spire-system", "own", "example.org", "/run/spire/sockets")
        .driver(scene, "csi.spiffe.io");
    OtherSpire.pod(scene, "mine", "csi: {driver: csi.spiffe.io, readOnly: true}");
    assertThat(found(scene.report()))
        .containsExactly("entry-missing mine", "identity-not-issued mine");
    assertThat(firstCommand(scene.report())).contains("exec -n spire-system spire-server-0");
    new OtherSpire("tenant", "fake", "b.example", "/run/other").driver(scene, "csi.spiffe.io");
    assertThat(found(scene.report()))
        .containsExactly("entry-missing mine", "identity-not-issued mine");
    assertThat(firstCommand(scene.report())).contains("exec -n spire-system spire-server-0");
  }

  @Test
  void theUpstreamDriverIsNotForWorkloads() {
    Report report =
        healthy()
            .object(Kind.CSI_DRIVER, "{metadata: {name: upstream.csi.spiffe.io}}")
            .set(Kind.POD, "web", "/spec/volumes", "[]")
            .set(Kind.POD, "web", "/spec/containers/0/volumeMounts", "[]")
            .report();
    Finding first = report.findings().getFirst().finding();
    assertThat(first.id()).isEqualTo("pod-socket-not-mounted");
    assertThat(first.remedies().getFirst().summary())
        .isEqualTo("Mount the directory of the agent's socket");
  }
}
