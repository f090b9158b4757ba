package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;

/** What is well in the layouts of others is called well, and nothing else is. */
class LayoutsTest {

  private static void healthy(ClusterScene scene) {
    Report report = scene.report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.HEALTHY);
  }

  private static String first(ClusterScene scene) {
    return scene.report().findings().getFirst().finding().id();
  }

  private static ClusterScene at(String address) {
    return Layouts.chart().set(Kind.POD, "web", "/spec/containers/0/env/0/value", address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spire-agent.sock", "socket", "api.sock"})
  void aSocketGoesByTheNamesOfItsLinks(String name) {
    healthy(at("unix:///spiffe-workload-api/" + name));
  }

  @Test
  void butByNoOther() {
    assertThat(first(at("unix:///spiffe-workload-api/agent.sock")))
        .isEqualTo("pod-socket-path-mismatch");
  }

  @Test
  void nobodyMadeTheLinksYet() {
    assertThat(
            first(
                at("unix:///spiffe-workload-api/socket")
                    .set(
                        Kind.POD,
                        "spire-agent-x1y2z",
                        "/status/initContainerStatuses",
                        "[{name: ensure-alternate-names, ready: false, state: {terminated: {exitCode: 1}}}]")))
        .isEqualTo("pod-socket-path-mismatch");
  }

  /** Our own container has waited for it, over the same mount, after the agent's start. */
  private static ClusterScene waited(String image, String mount, String ended, int exitCode) {
    return at("unix:///spiffe-workload-api/agent.sock")
        .set(
            Kind.POD,
            "web",
            "/spec/initContainers",
            """
            [{name: wait, image: "%s", args: [wait],
              env: [{name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///spiffe-workload-api/agent.sock"}],
              volumeMounts: [%s]}]
            """
                .formatted(image, mount))
        .set(
            Kind.POD,
            "web",
            "/status/initContainerStatuses",
            """
            [{name: wait, ready: true, restartCount: 0,
              state: {terminated: {exitCode: %d, finishedAt: "%s"}}}]
            """
                .formatted(exitCode, ended))
        .set(
            Kind.POD,
            "spire-agent-x1y2z",
            "/status/containerStatuses/0/state",
            "{running: {startedAt: '2026-01-02T03:00:00Z'}}");
  }

  @Test
  void whatWasFoundByWhoWaitedIsThere() {
    String image = "ghcr.io/spiredoctor/spire-doctor:0.1";
    String mount = "{name: spire, mountPath: /spiffe-workload-api, readOnly: true}";
    healthy(waited(image, mount, "2026-01-02T03:01:00Z", 0));
    String astray = "pod-socket-path-mismatch";
    assertThat(first(waited("busybox:1.37", mount, "2026-01-02T03:01:00Z", 0))).isEqualTo(astray);
    // The agent was started again, perhaps with another socket.
    assertThat(first(waited(image, mount, "2026-01-02T02:59:00Z", 0))).isEqualTo(astray);
    for (String other : List.of("--socket, unix:///x/y.sock", "--help")) {
      assertThat(
              first(
                  waited(image, mount, "2026-01-02T03:01:00Z", 0)
                      .set(
                          Kind.POD, "web", "/spec/initContainers/0/args", "[wait, " + other + "]")))
          .isEqualTo(astray);
    }
    // Another directory.
    assertThat(
            first(
                waited(
                    image,
                    "{name: spire, mountPath: /spiffe-workload-api, subPath: x}",
                    "2026-01-02T03:01:00Z",
                    0)))
        .isEqualTo(astray);
  }

  /** As the client of SPIRE's quickstart: the agent's image, and another command. */
  @Test
  void whoRunsTheAgentsImageIsNoAgent() {
    ClusterScene scene =
        ClusterScene.healthy()
            .set(Kind.POD, "web", "/spec/containers/0/image", "ghcr.io/spiffe/spire-agent:1.5.1")
            .set(
                Kind.POD,
                "web",
                "/spec/containers/0/command",
                "[/opt/spire/bin/spire-agent, api, watch, -socketPath, /spire-socket/api.sock]");
    healthy(scene);
    assertThat(scene.evidence().agents()).hasSize(1);
  }

  /** Without the label that its entry asks for, it has none: it is judged, and not passed over. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry.test/my-spire-agent-client:1",
        "spiffe-csi-driver-example-workload:example",
        "ghcr.io/spiffe/oidc-discovery-provider:1.15.3",
        "registry.test/spire-server-dashboard@sha256:aa",
        "registry.test/spire-controller-manager-ui:2"
      })
  void anImageThatMerelyHasSuchAWordInItsNameIsAWorkload(String image) {
    ClusterScene scene =
        ClusterScene.healthy()
            .set(Kind.POD, "web", "/spec/containers/0/image", '"' + image + '"')
            .set(Kind.POD, "web", "/metadata/labels", "{app: wbe}");
    assertThat(scene.evidence().agents()).hasSize(1);
    assertThat(scene.evidence().servers()).hasSize(1);
    assertThat(first(scene)).isEqualTo("entry-selector-mismatch");
  }

  /** A config map that is none of SPIRE's makes no SPIRE of such an image, whatever it is told. */
  @ParameterizedTest
  @CsvSource({
    "acme/spire-server-dashboard:1, '[]'",
    "acme/spire-server-dashboard:1, '[-listen, 80]'",
    "acme/spire-agent-client:1, '[run]'"
  })
  void norIsAnImageWithAConfigMapOfItsOwn(String image, String arguments) {
    ClusterScene scene =
        ClusterScene.healthy()
            .set(Kind.POD, "web", "/spec/containers/0/image", '"' + image + '"')
            .set(Kind.POD, "web", "/spec/containers/0/args", arguments)
            .set(Kind.POD, "web", "/metadata/labels", "{app: wbe}")
            .configMapIn("apps", "ui", "ui.conf", "listen = 80")
            .webMounts("ui", "/etc/ui");
    assertThat(scene.evidence().agents()).hasSize(1);
    assertThat(scene.evidence().servers()).hasSize(1);
    assertThat(first(scene)).isEqualTo("entry-selector-mismatch");
  }

  @ParameterizedTest
  @CsvSource({
    "ghcr.io/spiffe/spire-agent:1.15.3, '[-config, /x]'",
    "registry.test:5000/mirror/spire-agent@sha256:aa, [run]",
    "registry.redhat.io/ztwim/spiffe-spire-agent-rhel9@sha256:aa, '[-config, /x]'",
    "registry.test/acme-spire-agent:7, '[run, -config, /x]'",
    "registry.test/spire-agent-acme:7, [run]",
    "registry.test/spire-agent-arm64:1.15.3, '[-config, /x]'",
    "registry.test/spiffe_spire-agent:1.15.3, '[-config, /x]'",
    "registry.test/spire-agent1:1.15.3, '[-config, /x]'",
  })
  void agentsGoByManyNames(String image, String arguments) {
    ClusterScene scene =
        ClusterScene.healthy()
            .set(Kind.POD, "spire-agent-x1y2z", "/spec/containers/0/image", '"' + image + '"')
            .set(
                Kind.DAEMON_SET,
                "spire-agent",
                "/spec/template/spec/containers/0/image",
                '"' + image + '"')
            .set(Kind.DAEMON_SET, "spire-agent", "/spec/template/spec/containers/0/args", arguments)
            .set(Kind.POD, "spire-agent-x1y2z", "/spec/containers/0/args", arguments);
    assertThat(scene.evidence().agents()).hasSize(1);
  }

  /** Its readiness was not asked for yet. */
  private static ClusterScene restarted() {
    return Layouts.chart()
        .agentNotReady()
        .set(
            Kind.POD,
            "spire-agent-x1y2z",
            "/spec/containers/0/readinessProbe",
            "{initialDelaySeconds: 10, periodSeconds: 30}")
        .set(
            Kind.POD,
            "spire-agent-x1y2z",
            "/status/containerStatuses/0/state",
            "{running: {startedAt: '2026-01-02T03:03:45Z'}}");
  }

  /** The chart's probe asks after 10 s, and then every 30 s. */
  @Test
  void anAgentThatServesIsNotBrokenBecauseNobodyAskedItYet() {
    ClusterScene restarted = restarted();
    String refused =
        "time=\"2026-01-02T03:03:46Z\" level=warning msg=\"dial tcp 10.96.0.7:8081: connection"
            + " refused\"\n";
    String serves =
        "time=\"2026-01-02T03:03:47Z\" level=info msg=\"Starting Workload and SDS APIs\"\n";
    healthy(restarted.agentLog(refused + serves));
    assertThat(
            first(
                restarted.agentLog(
                    serves + "time=\"2026-01-02T03:03:48Z\" level=error msg=\"Agent crashed\"\n")))
        .isEqualTo("agent-not-ready");
    // It has failed before, and may again.
    assertThat(
            first(
                restarted
                    .set(
                        Kind.POD,
                        "spire-agent-x1y2z",
                        "/status/containerStatuses/0/lastState",
                        "{terminated: {exitCode: 1, finishedAt: '2026-01-02T03:03:40Z'}}")
                    .agentLog(refused + serves)))
        .isEqualTo("agent-not-ready");
    assertThat(first(restarted.agentLog(refused))).isEqualTo("agent-server-unreachable");
    assertThat(
            first(
                restarted
                    .set(
                        Kind.POD,
                        "spire-agent-x1y2z",
                        "/status/containerStatuses/0/state",
                        "{running: {startedAt: '2026-01-02T03:00:00Z'}}")
                    .agentLog(refused + serves)))
        .isEqualTo("agent-not-ready");
  }

  /** The driver hands out the directory as it is, so that the file has the agent's name for it. */
  @Test
  void theSocketInAVolumeOfAgentAndDriverHasTheNameThatTheAgentGivesIt() {
    ClusterScene scene =
        Layouts.istio("2026-01-02T02:00:00Z")
            .configEdit(
                "spire-agent",
                "agent.conf",
                "workload-spiffe-uds/socket",
                "workload-spiffe-uds/agent.sock");
    Report report = scene.report();
    assertThat(first(scene)).isEqualTo("pod-socket-path-mismatch");
    assertThat(report.findings().getFirst().finding().remedies().toString())
        .contains("unix:///run/secrets/workload-spiffe-uds/agent.sock");
    assertThat(Layouts.istio("2026-01-02T02:00:00Z").report().findings()).isEmpty();
  }

  private static ClusterScene startedNow(int second, String log) {
    return Layouts.istio("2026-01-02T03:03:00Z")
        .set(Kind.POD, "web", "/metadata/creationTimestamp", "'2026-01-02T03:03:10Z'")
        .set(
            Kind.POD,
            "spire-agent-x1y2z",
            "/status/containerStatuses/0/state",
            "{running: {startedAt: '2026-01-02T03:03:%02dZ'}}".formatted(second))
        .attested()
        .agentLog(log);
  }

  private static void isNotKnownYet(ClusterScene scene, String what) {
    Report report = scene.report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown().toString()).contains(what);
  }

  /** Without probes an agent is ready before it is attested. */
  @Test
  void anAgentIsGivenTheTimeToAttest() {
    String starts = "time=\"2026-01-02T03:03:50Z\" level=info msg=\"SVID is not found\"\n";
    isNotKnownYet(startedNow(50, starts), "is attested: it was started 15 s ago");
    assertThat(first(startedNow(20, starts))).isEqualTo("agent-not-attested");
    assertThat(
            first(
                startedNow(
                    50,
                    starts
                        + "time=\"2026-01-02T03:03:51Z\" level=error msg=\"Agent failed\" error=x\n")))
        .isEqualTo("agent-not-attested");
  }

  /** The kubelet brings what is in a config map within two minutes. */
  @Test
  void anAgentWaitsForTheBundleThatTheServerHasPublished() {
    String noBundle =
        "time=\"2026-01-02T03:03:06Z\" level=error msg=\"Failed to retrieve attestation result\""
            + " error=\"could not parse trust bundle: open /run/spire/bundle/bundle.crt: no such"
            + " file or directory\"\n";
    ClusterScene scene =
        startedNow(5, noBundle)
            .configEdit(
                "spire-agent",
                "agent.conf",
                "agent {",
                "agent {\n  trust_bundle_path = \"/run/spire/config/bundle.crt\"");
    assertThat(first(scene)).isEqualTo("agent-trust-bundle-mismatch");
    isNotKnownYet(
        scene.addToConfigMap("spire-agent", "bundle.crt", "-----BEGIN CERTIFICATE-----"),
        "the config map spire-agent has it now");
    // It is not brought to what is mounted as a file of its own.
    Finding late =
        scene
            .set(
                Kind.POD,
                "spire-agent-x1y2z",
                "/status/containerStatuses/0/state",
                "{running: {startedAt: '2026-01-02T03:01:00Z'}}")
            .report()
            .findings()
            .getFirst()
            .finding();
    assertThat(late.evidence().toString()).contains("has the key now");
    assertThat(late.remedies().getFirst().summary()).isEqualTo("Restart the agents");
  }

  /** One that was started again may be about to be killed again, however it ended. */
  @Test
  void anAgentThatWasStartedAgainIsNotUpBeforeItIsReady() {
    ClusterScene restarted =
        restarted()
            .set(Kind.POD, "spire-agent-x1y2z", "/status/containerStatuses/0/restartCount", "6")
            .agentLog(
                "time=\"2026-01-02T03:03:47Z\" level=info msg=\"Starting Workload and SDS APIs\"\n");
    assertThat(first(restarted)).isEqualTo("agent-not-ready");
  }

  /** Each node's agent makes the links there. */
  @Test
  void linksAreThoseOfTheAgentOfTheNode() {
    healthy(Layouts.twoNodes());
    healthy(
        Layouts.twoNodes()
            .set(
                Kind.POD,
                "spire-agent-x1y2z",
                "/status/initContainerStatuses",
                "[{name: ensure-alternate-names, state: {waiting: {reason: PodInitializing}}}]"));
    assertThat(
            first(Layouts.twoNodes().set(Kind.POD, "spire-agent-z", "/spec/initContainers", "[]")))
        .isEqualTo("pod-socket-path-mismatch");
  }

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
