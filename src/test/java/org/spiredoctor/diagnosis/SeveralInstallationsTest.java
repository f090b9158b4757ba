package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;

/** Two SPIREs in one cluster, and two that are one. */
class SeveralInstallationsTest {
  private static final String SOCKET = "hostPath: {path: /run/other, type: Directory}";
  private final OtherSpire other = new OtherSpire("spire-b", "spire", "b.example", "/run/other");

  private static Entry grants(OtherSpire spire, String name) {
    return entry(
        name,
        spire.id("/" + name),
        spire.id("/spire-nodes"),
        "k8s:ns:apps",
        "k8s:pod-label:app:" + name);
  }

  private static List<String> found(Report report) {
    return report.findings().stream()
        .map(r -> r.finding().id() + " " + r.finding().subject().name())
        .toList();
  }

  private static String firstCommand(Report report) {
    return ((Remedy.EntryChange) report.findings().getFirst().finding().remedies().getFirst())
        .command();
  }

  @Test
  void eachPodIsJudgedByItsOwnServer() {
    Report report =
        OtherSpire.pod(other.in(healthy(), grants(other, "other")), "other", SOCKET).report();
    assertThat(found(report)).isEmpty();
    assertThat(report.unknown()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Report.Verdict.HEALTHY);
  }

  @Test
  void aHintChoosesAmongThoseThatAreThere() {
    ClusterScene scene = OtherSpire.pod(other.in(healthy()), "other", SOCKET);
    assertThat(found(scene.report())).contains("entry-missing other");
    scene.hinting("spire-system");
    assertThat(scene.evidence().spireNamespace()).contains("spire-system");
    assertThat(scene.evidence().ignoredHint()).isEmpty();
    assertThat(found(scene.report())).isEmpty();
    scene.hinting("spire-b");
    assertThat(found(scene.report())).contains("entry-missing other");
  }

  @Test
  void aHintAtNoSpireIsIgnored() {
    ClusterScene scene = healthy().hinting("apps");
    assertThat(scene.evidence().ignoredHint()).contains("apps");
    assertThat(scene.report().verdict()).isEqualTo(Report.Verdict.HEALTHY);
    assertThat(scene.hinting("nowhere").report().verdict()).isEqualTo(Report.Verdict.HEALTHY);
    // What is named is the user's word, and a hint is no other.
    ClusterScene named = scene.spireIn("spire-system");
    assertThat(named.evidence().ignoredHint()).isEmpty();
    assertThat(named.report().verdict()).isEqualTo(Report.Verdict.HEALTHY);
  }

  @Test
  void aSpireThatMayBeWhereNothingIsListedIsUnknown() {
    Report report = healthy().podsOf("apps").hinting("apps").report();
    // The objects that own its pods were listed.
    assertThat(found(report)).isEmpty();
    assertThat(report.unknown())
        .contains(
            new Report.Undetermined("server-not-found", "list pods in namespace spire-system"),
            new Report.Undetermined("agent-not-on-node", "list pods in namespace spire-system"));
    ClusterScene bare = healthy().podsOf("apps").hinting("apps");
    bare.remove(Kind.STATEFUL_SET, "spire-server").remove(Kind.DAEMON_SET, "spire-agent");
    assertThat(found(bare.report())).isEmpty();
    assertThat(bare.report().unknown())
        .filteredOn(unknown -> unknown.id().matches("(server|agent)-not-found"))
        .hasSize(2)
        .allSatisfy(unknown -> assertThat(unknown.missing()).contains("--spire-namespace"));
    assertThat(found(bare.spireIn("apps").report()))
        .anyMatch(one -> one.startsWith("server-not-found"));
  }

  @Test
  void anEntryOfTheOtherServerDoesNotServe() {
    // The first server would serve it, were it its pod.
    ClusterScene scene = other.in(healthy());
    scene.webEntry(
        entry("web", ClusterScene.WEB, ClusterScene.ALIAS, "k8s:pod-label:app:web"),
        entry(
            "other", "spiffe://example.org/other", ClusterScene.ALIAS, "k8s:pod-label:app:other"));
    Report report = OtherSpire.pod(scene, "other", SOCKET).report();
    assertThat(found(report)).containsExactly("entry-missing other", "identity-not-issued other");
    assertThat(firstCommand(report))
        .startsWith("kubectl exec -n spire-b spire-server-0 -c spire-server -- ")
        .contains("-spiffeID spiffe://b.example/")
        .contains("-parentID spiffe://b.example/spire-nodes");
    assertThat(report.findings().getFirst().finding().evidence())
        .contains(new Finding.Quote("SPIRE", "StatefulSet spire-b/spire-server of b.example"));
  }

  /** Of two sockets it uses the one that its address leads to, be it brought by a driver. */
  @Test
  void aPodWithBothSocketsIsOfTheOneThatItIsToldOf() {
    ClusterScene scene = other.driver(other.in(healthy(), grants(other, "both")), "csi.spiffe.io");
    OtherSpire.pod(scene, "both", "csi: {driver: csi.spiffe.io, readOnly: true}");
    scene.edit(
        Kind.POD,
        "both",
        pod -> {
          ((ArrayNode) pod.at("/spec/containers/0/volumeMounts"))
              .addObject()
              .put("name", "first")
              .put("mountPath", "/first");
          ((ArrayNode) pod.at("/spec/volumes"))
              .addObject()
              .put("name", "first")
              .putObject("hostPath")
              .put("path", "/run/spire/sockets");
        });
    assertThat(found(scene.report())).isEmpty();
    assertThat(scene.report().unknown())
        .noneSatisfy(unknown -> assertThat(unknown.missing()).contains("which SPIRE the pod"));
  }

  @Test
  void anEntryOnTheWrongServerIsCreatedOnTheRightOne() {
    ClusterScene scene = OtherSpire.pod(other.in(healthy()), "other", SOCKET);
    scene.webEntry(
        entry("web", ClusterScene.WEB, ClusterScene.ALIAS, "k8s:pod-label:app:web"),
        entry(
            "other",
            "spiffe://example.org/other",
            ClusterScene.ALIAS,
            "k8s:ns:apps",
            "k8s:pod-label:app:other"));
    // Whoever may create entries there does not say who is who here.
    assertThat(scene.report().findings().getFirst().finding().remedies())
        .noneMatch(remedy -> remedy.block().contains("b.example/other "));
    assertThat(scene.askingFor("apps", "other").report().findings().getFirst().finding().remedies())
        .noneMatch(remedy -> remedy.block().contains("b.example/other "));
    scene.expecting("spiffe://b.example/other");
    Finding found = scene.report().findings().getFirst().finding();
    assertThat(found.summary())
        .isEqualTo(
            "No entry for spiffe://b.example/other matches the pod, so it has no identity; the entry for"
                + " spiffe://example.org/other is on the server of StatefulSet"
                + " spire-system/spire-server of example.org, whose agents the pod does not use");
    assertThat(firstCommand(scene.report()))
        .contains("exec -n spire-b ", "-spiffeID spiffe://b.example/other ")
        .contains("-selector k8s:pod-label:app:other");
    assertThat(found.remedies().get(1).summary())
        .contains("give it the socket of the agents of StatefulSet spire-system/spire-server");
  }

  /** Two with a controller-manager each; the first pod has what the first one's fallback gives. */
  private ClusterScene declaring(String spec) {
    ClusterScene scene =
        healthy()
            .controllerManager("className: first\nentryIDPrefix: demo\nwatchClassless: false\n")
            .webEntry(
                entry(
                    "demo.1",
                    "spiffe://example.org/ns/apps/sa/default",
                    ClusterScene.AGENT,
                    "k8s:pod-uid:pod-uid-1"));
    other.in(scene, grants(other, "other"));
    scene.configMapIn(
        "spire-b",
        "scm",
        "controller-manager-config.yaml",
        "kind: ControllerManagerConfig\nclassName: second\nentryIDPrefix: b\n");
    scene.edit(
        Kind.POD,
        "spire-server-0",
        pod -> {
          if (pod.at("/metadata/namespace").asText().equals("spire-b")) {
            ((ArrayNode) pod.at("/spec/containers"))
                .addObject()
                .put("name", "manager")
                .put("image", "ghcr.io/spiffe/spire-controller-manager:0.6.4");
            ((ArrayNode) pod.at("/spec/volumes"))
                .addObject()
                .put("name", "scm")
                .putObject("configMap")
                .put("name", "scm");
          }
        });
    return scene
        .object(
            Kind.CLUSTER_SPIFFE_ID,
            """
            {metadata: {name: default}, spec: {className: first, fallback: true, spiffeIDTemplate:
               'spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}'},
             status: {stats: {podsSelected: 1}}}
            """)
        .object(
            Kind.CLUSTER_SPIFFE_ID,
            """
            {metadata: {name: payments}, spec: {className: second, %s
               spiffeIDTemplate: 'spiffe://{{ .TrustDomain }}/payments'},
             status: {stats: {podsSelected: 1}}}
            """
                .formatted(spec));
  }

  @Test
  void theClassOfTheOtherControllerManager() {
    Report report = declaring("podSelector: {matchLabels: {app: web}},").report();
    assertThat(found(report)).containsExactly("identity-fallback web");
    Finding found = report.findings().getFirst().finding();
    assertThat(found.severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(found.summary())
        .contains("not that of ClusterSPIFFEID payments, which makes entries on the server of")
        .contains(
            "StatefulSet spire-b/spire-server of b.example, whose agents the pod does not use");
    assertThat(found.remedies().getFirst().block())
        .isEqualTo(
            "kubectl patch clusterspiffeid payments --type=merge -p"
                + " '{\"spec\":{\"className\":\"first\"}}'");
  }

  /** A pod that sees both sockets can be told of the other one. */
  @Test
  void theSocketOfTheOtherAgent() {
    ClusterScene scene = declaring("podSelector: {matchLabels: {app: web}},");
    scene.edit(
        Kind.POD,
        "web",
        pod -> {
          ((ArrayNode) pod.at("/spec/containers/0/volumeMounts"))
              .addObject()
              .put("name", "second")
              .put("mountPath", "/second");
          ((ArrayNode) pod.at("/spec/volumes"))
              .addObject()
              .put("name", "second")
              .putObject("hostPath")
              .put("path", "/run/other");
        });
    Report report = scene.report();
    assertThat(found(report)).containsExactly("identity-fallback web");
    assertThat(report.findings().getFirst().finding().remedies().getFirst().summary())
        .endsWith("to unix:///second/api.sock, the socket of the agents there");
  }

  /** Whoever expects an identity of the other SPIRE is told that the socket is the wrong one. */
  @Test
  void aPodOfTheOtherTrustDomain() {
    ClusterScene scene = other.in(healthy(), grants(other, "other")).askingFor("apps", "web");
    assertThat(found(scene.expecting(other.id("/web")).report()))
        .containsExactly("trust-domain-mismatch web", "entry-missing web");
    Finding found = scene.report().findings().getFirst().finding();
    assertThat(found.summary())
        .isEqualTo(
            "The pod uses agents of the trust domain example.org, not of b.example, which is that"
                + " of StatefulSet spire-b/spire-server of b.example");
    assertThat(scene.report().findings().get(1).explainedBy()).contains("trust-domain-mismatch");
    // Its server would refuse such an entry.
    assertThat(scene.report().findings().get(1).finding().remedies())
        .allMatch(Remedy.Advice.class::isInstance);
    assertThat(found(scene.expecting(ClusterScene.WEB).report())).isEmpty();
  }

  /** It may be meant for those, and selects pods of the first SPIRE by the same label. */
  @Test
  void aClassOfTheOtherThatHasPodsThereIsRight() {
    assertThat(found(declaring("").report())).isEmpty();
    ClusterScene scene = declaring("podSelector: {matchLabels: {app: web}},");
    OtherSpire.pod(scene, "other", SOCKET)
        .set(Kind.POD, "other", "/metadata/labels", "{app: web}")
        .otherServer(
            "spire-b",
            other.server(),
            List.of(),
            List.of(entry("other", other.id("/other"), other.id("/spire-nodes"), "k8s:ns:apps")));
    assertThat(found(scene.report())).noneMatch(one -> one.startsWith("identity-fallback"));
  }

  /** It serves a pod of its own SPIRE, and so was meant for that. */
  @Test
  void anEntryThatServesPodsOfItsOwnServerIsNotMisplaced() {
    ClusterScene scene = OtherSpire.pod(other.in(healthy()), "other", SOCKET);
    scene.webEntry(entry("web", ClusterScene.WEB, ClusterScene.ALIAS, "k8s:ns:apps"));
    assertThat(scene.report().findings().getFirst().finding().summary())
        .isEqualTo("No entry matches the pod, so it has no identity");
  }

  @Test
  void oneTrustDomainTwice() {
    OtherSpire twin =
        new OtherSpire("spire-b", "spire", "example.org", "/run/other")
            .at("spire-server.spire-b.svc.cluster.local");
    ClusterScene scene = twin.in(healthy(), grants(twin, "other"));
    assertThat(found(OtherSpire.pod(scene, "other", SOCKET).report())).isEmpty();
    Report report = OtherSpire.pod(scene, "more", SOCKET).report();
    assertThat(found(report)).first().isEqualTo("entry-missing more");
    assertThat(firstCommand(report)).contains("exec -n spire-b spire-server-0");
  }

  @Test
  void agentsOfOneNamespaceAreToldByTheirService() {
    OtherSpire twin =
        new OtherSpire("spire-system", "second", "example.org", "/run/other").at("two");
    ClusterScene scene =
        twin.in(
                healthy(),
                entry(
                    "other",
                    "spiffe://example.org/other",
                    "spiffe://example.org/second-nodes",
                    "k8s:ns:apps",
                    "k8s:pod-label:app:other"))
            .object(
                Kind.SERVICE,
                "{metadata: {name: two, namespace: spire-system}, spec: {selector: {app:"
                    + " second-server}}}");
    assertThat(found(OtherSpire.pod(scene, "other", SOCKET).report())).isEmpty();
  }

  @Test
  void aBrokenAgentExplainsNothingOfTheOthers() {
    ClusterScene scene =
        OtherSpire.pod(other.in(healthy(), grants(other, "other")), "other", SOCKET)
            .agentNotReady()
            .webEntry();
    Report report = scene.report();
    assertThat(report.findings())
        .allSatisfy(r -> assertThat(r.finding().subject().name()).isNotEqualTo("other"));
    assertThat(report.causes().map(Finding::id)).contains("agent-not-ready");
    Report second = OtherSpire.pod(other.in(healthy().agentNotReady()), "other", SOCKET).report();
    assertThat(second.causes().map(Finding::id)).contains("entry-missing", "agent-not-ready");
  }

  @Test
  void aServerThatIsSilentLeavesItsPodsUnknown() {
    ClusterScene scene =
        OtherSpire.pod(other.in(healthy()), "other", SOCKET)
            .otherServerFails("spire-b", other.server(), Reason.NOT_ASKED, "--no-exec was given");
    Report report = scene.report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Report.Verdict.UNKNOWN);
    assertThat(report.unknown())
        .contains(
            new Report.Undetermined(
                "identity-not-issued", "run spire-server in its pod: --no-exec was given"));
  }

  @Test
  void whoNamesOneDoesNotAskForTheOther() {
    ClusterScene scene = OtherSpire.pod(other.in(healthy()), "other", SOCKET);
    Report first = scene.spireIn("spire-system").report();
    assertThat(found(first)).isEmpty();
    assertThat(first.verdict()).isEqualTo(Report.Verdict.HEALTHY);
    assertThat(found(scene.spireIn("spire-b").report()))
        .containsExactly("entry-missing other", "identity-not-issued other");
    assertThat(scene.spireIn("spire-system").askingFor("apps", "other").report().unknown())
        .anySatisfy(u -> assertThat(u.missing()).contains("not in the namespace that was named"));
  }

  @Test
  void aPodOfNobodyKnowsWhoIsUnknown() {
    Report report =
        OtherSpire.pod(other.in(healthy()), "lost", "csi: {driver: csi.spiffe.io, readOnly: true}")
            .report();
    assertThat(report.verdict()).isNotEqualTo(Report.Verdict.HEALTHY);
    assertThat(report.unknown())
        .anySatisfy(u -> assertThat(u.missing()).contains("which SPIRE the pod apps/lost"));
  }

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
  void eachReleaseIsComparedWithItsOwnServer() {
    ClusterScene scene = other.in(healthy());
    scene.edit(
        Kind.POD,
        "spire-agent-x1y2z",
        pod -> ((ObjectNode) pod.at("/spec/containers/0")).put("image", "spire-agent:1.13.0"));
    scene.edit(
        Kind.POD,
        "spire-server-0",
        pod -> {
          if (pod.at("/metadata/namespace").asText().equals("spire-system")) {
            ((ObjectNode) pod.at("/spec/containers/0")).put("image", "spire-server:1.13.0");
          }
        });
    scene.set(
        Kind.STATEFUL_SET,
        "spire-server",
        "/spec/template/spec/containers/0/image",
        "spire-server:1.13.0");
    assertThat(found(scene.report())).noneMatch(f -> f.startsWith("spire-version-skew"));
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

  @Test
  void agentsWhoseServerIsGoneAreNotTheOtherServers() {
    // Of one trust domain, so that only the address tells.
    OtherSpire twin =
        new OtherSpire("spire-b", "b", "example.org", "/run/other")
            .at("b-server.spire-b.svc.cluster.local");
    for (boolean service : new boolean[] {true, false}) {
      ClusterScene scene =
          OtherSpire.pod(twin.in(healthy()), "other", SOCKET)
              .remove(Kind.STATEFUL_SET, "spire-server")
              .remove(Kind.POD, "spire-server-0");
      if (!service) {
        scene.remove(Kind.SERVICE, "spire-server");
      }
      Report report =
          scene.kubeletRights("spire-system:spire-agent").kubeletRights("spire-b:b-agent").report();
      assertThat(found(report))
          .containsExactlyInAnyOrder(
              "server-not-found spire-agent", "entry-missing other", "identity-not-issued other");
      assertThat(report.unknown())
          .anySatisfy(u -> assertThat(u.id()).isEqualTo("identity-not-issued"));
    }
  }

  @Test
  void agentsOfAServerElsewhereAreNotTheOtherServers() {
    OtherSpire b = new OtherSpire("spire-b", "b", "b.example", "/run/other");
    Entry entry =
        entry("other", b.id("/other"), b.id("/b-nodes"), "k8s:ns:apps", "k8s:pod-label:app:other");
    Report report =
        OtherSpire.pod(b.in(healthy(), entry), "other", SOCKET)
            .kubeletRights("spire-system:spire-agent")
            .kubeletRights("spire-b:b-agent")
            .remove(Kind.STATEFUL_SET, "spire-server")
            .remove(Kind.POD, "spire-server-0")
            .configEdit("spire-agent", "agent.conf", "\"spire-server\"", "\"spire.acme.com\"")
            .report();
    assertThat(found(report)).isEmpty();
    assertThat(report.verdict()).isEqualTo(Report.Verdict.UNKNOWN);
    assertThat(report.unknown())
        .anySatisfy(u -> assertThat(u.missing()).endsWith("which they expect at spire.acme.com"));
  }

  @Test
  void aTrustDomainThatDiffersInOneHidesNoneThatDiffersInTheOther() {
    Report report =
        other
            .in(healthy())
            .configEdit("spire-agent", "agent.conf", "example.org", "other.org")
            .log(
                "spire-b",
                "spire-agent-q1w2e",
                "spire-agent",
                false,
                "level=error msg=\"no X.509 bundle found for trust domain: c.example\"")
            .notReady("spire-agent-q1w2e")
            .report();
    assertThat(found(report))
        .contains("trust-domain-mismatch spire-agent", "trust-domain-mismatch spire-agent-q1w2e");
  }

  @Test
  void aServiceOfAnotherNamespaceLeadsToNoServer() {
    ClusterScene scene = healthy();
    for (Kind kind : List.of(Kind.POD, Kind.STATEFUL_SET)) {
      for (String name : List.of("spire-server-0", "spire-server")) {
        scene.edit(kind, name, o -> ((ObjectNode) o.at("/metadata")).put("namespace", "elsewhere"));
      }
    }
    Finding found =
        scene
            .report()
            .causes()
            .filter(finding -> finding.id().equals("server-service-broken"))
            .findFirst()
            .orElseThrow();
    assertThat(found.remedies())
        .singleElement()
        .isInstanceOfSatisfying(
            Remedy.Advice.class,
            advice -> assertThat(advice.summary()).contains("the server's namespace elsewhere"));
  }

  @Test
  void aServerThatDoesNotSayWhoIsAttestedLeavesThatLinkUnseen() {
    Report report =
        OtherSpire.pod(other.in(healthy()), "other", SOCKET)
            .otherServerFails("spire-b", other.server(), Reason.FAILED, "timed out")
            .report();
    assertThat(report.path())
        .filteredOn(link -> link.name().equals("attested"))
        .extracting(Link::state)
        .containsExactly(Link.State.UNSEEN);
  }

  @Test
  void thePastedCommandFindsTheServersSocket() {
    assertThat(firstCommand(withSocket("/run/private/api.sock")))
        .endsWith(" -socketPath /run/private/api.sock");
    assertThat(firstCommand(withSocket("/tmp/spire-server/private/api.sock")))
        .doesNotContain("-socketPath");
  }

  private static Report withSocket(String path) {
    return healthy()
        .webEntry()
        .configMap(
            "spire-server",
            "server.conf",
            "server { trust_domain = \"example.org\" socket_path = \"%s\" }".formatted(path))
        .report();
  }

  /** A cluster below a nested SPIRE: its server's own agents belong to a root that is elsewhere. */
  private static ClusterScene below() {
    ClusterScene scene =
        healthy()
            .copy(Kind.DAEMON_SET, "spire-agent", "upstream-agent")
            .copy(Kind.POD, "spire-agent-x1y2z", "upstream-agent-abcde")
            .set(
                Kind.POD,
                "upstream-agent-abcde",
                "/metadata/ownerReferences",
                "[{kind: DaemonSet, name: upstream-agent, uid: upstream-agent}]")
            .configMap(
                "upstream-agent",
                "agent.conf",
                """
                agent {
                  trust_domain = "example.org"
                  server_address = "spire.root.example"
                  server_port = "443"
                  socket_path = "/run/spire/sockets/api.sock"
                }
                plugins {
                  NodeAttestor "k8s_psat" { plugin_data { cluster = "demo" } }
                  WorkloadAttestor "k8s" { plugin_data { skip_kubelet_verification = true } }
                }
                """)
            .configEdit(
                "spire-server",
                "server.conf",
                "plugins {",
                "plugins {\nUpstreamAuthority \"spire\" { plugin_data { server_address ="
                    + " \"spire.root.example\" server_port = 443 } }\n");
    for (Kind kind : List.of(Kind.POD, Kind.DAEMON_SET)) {
      String name = kind == Kind.POD ? "upstream-agent-abcde" : "upstream-agent";
      scene.edit(
          kind,
          name,
          object -> {
            JsonNode spec = object.at(kind == Kind.POD ? "/spec" : "/spec/template/spec");
            ((ObjectNode) spec).put("serviceAccountName", "upstream-agent");
            ((ObjectNode) spec.at("/volumes/0/configMap")).put("name", "upstream-agent");
            ((ObjectNode) spec.at("/volumes/1/hostPath")).put("path", "/run/spire/upstream");
          });
    }
    return scene;
  }

  /** Whether the root lets them attest is not to be read from this server's allow list. */
  @Test
  void theAgentsOfARootElsewhereAreNotThisServers() {
    assertThat(below().report().findings()).isEmpty();
    ClusterScene refused =
        below()
            .notReady("upstream-agent-abcde")
            .log(
                "spire-system",
                "upstream-agent-abcde",
                "spire-agent",
                false,
                "time=\"2026-01-02T03:03:50Z\" level=error msg=\"Agent crashed\" error=\"rpc error: code"
                    + " = PermissionDenied desc = failed to attest: nodeattestor(k8s_psat):"
                    + " \\\"spire-system:upstream-agent\\\" is not an allowed service account\"\n");
    assertThat(refused.report().findings())
        .isNotEmpty()
        .allSatisfy(
            one ->
                assertThat(one.finding().remedies().toString())
                    .doesNotContain("service_account_allow_list"));
    // Nor do this server's entries tell what a pod at their socket gets.
    Report web =
        below()
            .set(Kind.POD, "web", "/spec/volumes/0/hostPath/path", "/run/spire/upstream")
            .report();
    assertThat(web.verdict()).isNotEqualTo(Report.Verdict.HEALTHY);
  }
}
