package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Layouts;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.kube.Kind;

/** What the SPIFFE CSI driver puts into pods, in the layouts of SPIRE's chart and of Istio. */
class CsiRulesTest {
  private static final String DRIVER = "spire-spiffe-csi-driver-4k9dz";
  private static final String AGENT = "spire-agent-x1y2z";

  private static ClusterScene driverWith(String directory) {
    return Layouts.chart().set(Kind.POD, DRIVER, "/spec/volumes/0/hostPath/path", directory);
  }

  @Test
  void csiDirectoryMismatch() {
    Expect.healthy(Layouts.chart());
    Finding found = Expect.first("csi-directory-mismatch", driverWith("/run/spire/sockets"));
    assertThat(found.summary())
        .isEqualTo(
            "The SPIFFE CSI driver hands out /run/spire/sockets, but the agents have their socket"
                + " at /run/spire/agent-sockets/spire-agent.sock");
    assertThat(found.remedies().get(1).summary())
        .contains("spiffe-csi-driver.agentSocketPath", "spire-agent.socketPath");
    assertThat(found.remedies().get(2).block())
        .startsWith("kubectl patch -n spire-system daemonset/spire-spiffe-csi-driver -p ")
        .contains("\"path\":\"/run/spire/agent-sockets\"");
    assertThat(found.subject().kind()).isEqualTo("DaemonSet");
    // A part of it has no socket.
    Expect.first("csi-directory-mismatch", driverWith("/run/spire/agent-sockets/public"));
    // Two names of one directory.
    Expect.healthy(driverWith("/var/run/spire/agent-sockets"));
  }

  /** Then the socket is in a directory of what is mounted. */
  @Test
  void theDirectoryAboveServesThoseWhoLookBelow() {
    Expect.first("csi-directory-mismatch", driverWith("/run/spire"));
    Expect.healthy(
        driverWith("/run/spire")
            .set(
                Kind.POD,
                "web",
                "/spec/containers/0/env/0/value",
                "unix:///spiffe-workload-api/agent-sockets/spire-agent.sock"));
  }

  /** Nobody becomes a part of SPIRE by saying so, and gets its directories named. */
  @Test
  void aDriverOfSomebodyElsesProvesNothing() {
    ClusterScene both = driverWith("/run/spire/sockets");
    String somebodys =
        """
        {metadata: {name: csi-x, namespace: tenant, uid: csi-x},
         spec: {nodeName: node-1, containers: [{name: c, image: "x/spiffe-csi-driver:1",
           args: [-workload-api-socket-dir, /s, -plugin-name, csi.spiffe.io],
           volumeMounts: [{name: s, mountPath: /s}]}],
           volumes: [{name: s, hostPath: {path: %s}}]},
         status: {phase: Running}}
        """;
    // Beside SPIRE's own it changes nothing.
    Expect.first(
        "csi-directory-mismatch",
        both.object(Kind.POD, somebodys.formatted("/run/spire/agent-sockets")));
    Expect.healthy(
        Layouts.chart().object(Kind.POD, somebodys.formatted("/run/spire/agent-sockets")));
    // Alone it is no reason to find anything, and none to call it well.
    for (String directory : List.of("/elsewhere", "/run/spire/agent-sockets")) {
      isUnknown(
          Layouts.chart().remove(Kind.POD, DRIVER).object(Kind.POD, somebodys.formatted(directory)),
          "which SPIFFE CSI driver is SPIRE's");
    }
  }

  private static void isUnknown(ClusterScene scene, String what) {
    Report report = scene.report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown().toString()).contains(what);
  }

  @Test
  void whichDirectoryADriverHandsOutMayBeUnknown() {
    isUnknown(
        Layouts.chart().set(Kind.POD, DRIVER, "/spec/containers/0/args", "[]"),
        "which directory the SPIFFE CSI driver");
    isUnknown(
        driverWith("/elsewhere")
            .set(
                Kind.POD,
                DRIVER,
                "/spec/containers/0/args",
                "[-workload-api-socket-dir, /spire-agent-socket, -plugin-name, $(PLUGIN)]"),
        "which SPIFFE CSI driver is SPIRE's");
  }

  /** It has what the driver of then handed out. */
  @Test
  void whatAPodMountedBeforeTheDriverWasMadeIsUnknown() {
    isUnknown(
        driverWith("/run/spire/sockets")
            .set(Kind.POD, "web", "/metadata/creationTimestamp", "'2026-01-02T02:00:00Z'")
            .set(Kind.POD, DRIVER, "/metadata/creationTimestamp", "'2026-01-02T03:00:00Z'"),
        "which directory apps/web has mounted");
  }

  /** As in spiffe-csi's example; each has a volume of its own. */
  @Test
  void inOnePodTheyMayHaveTwoDirectories() {
    ClusterScene scene =
        Layouts.istio("2026-01-02T02:00:00Z")
            .edit(
                Kind.POD,
                "spire-agent-x1y2z",
                o ->
                    ((ArrayNode) o.at("/spec/volumes"))
                        .addObject()
                        .put("name", "mine")
                        .putObject("emptyDir"))
            .set(
                Kind.POD,
                "spire-agent-x1y2z",
                "/spec/containers/1/volumeMounts",
                "[{name: mine, mountPath: /spire-agent-socket}]");
    Expect.first("csi-directory-mismatch", scene);
  }

  @Test
  void anEmptyDirOfTheDriversOwnIsNoAgents() {
    ClusterScene scene =
        Layouts.chart()
            .edit(
                Kind.POD,
                DRIVER,
                o -> {
                  ObjectNode volume = (ObjectNode) o.at("/spec/volumes/0");
                  volume.remove("hostPath");
                  volume.putObject("emptyDir");
                });
    assertThat(Expect.first("csi-directory-mismatch", scene).remedies().get(2).block())
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

  /** Kubernetes keeps two lives of a container. */
  @Test
  void whenAPodOfManyRestartsMountedItIsNotKnown() {
    Report report =
        Layouts.istio("2026-01-02T03:01:00Z")
            .set(Kind.POD, "web", "/metadata/creationTimestamp", "'2026-01-02T02:00:00Z'")
            .set(Kind.POD, "web", "/status/containerStatuses/0/restartCount", "7")
            .report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown().toString()).contains("restarted several times");
  }

  /** Nodes have clocks of their own, and mount anew what ran when they were stopped. */
  @Test
  void whatWasMountedLaterIsNotStale() {
    ClusterScene scene = Layouts.istio("2026-01-02T03:01:00Z");
    Expect.healthy(
        scene
            .set(Kind.POD, "web", "/metadata/creationTimestamp", "'2026-01-02T03:01:30Z'")
            .set(
                Kind.POD,
                "web",
                "/status/containerStatuses/0/state",
                "{running: {startedAt: '2026-01-02T03:00:50Z'}}"));
    Expect.healthy(
        Layouts.istio("2026-01-02T02:01:00Z")
            .set(Kind.POD, "web", "/metadata/creationTimestamp", "'2026-01-02T01:00:00Z'")
            .set(Kind.POD, "web", "/status/containerStatuses/0/restartCount", "1")
            .set(
                Kind.POD,
                "web",
                "/status/containerStatuses/0/state",
                "{running: {startedAt: '2026-01-02T03:00:50Z'}}")
            .set(
                Kind.POD,
                "web",
                "/status/containerStatuses/0/lastState",
                "{terminated: {exitCode: 255, reason: Unknown, startedAt: '2026-01-02T01:00:50Z'}}"));
  }

  /** An agent may end with the code by which others know that a node was lost. */
  @Test
  void whatEndedWithACodeOfItsOwnWasMountedBefore() {
    Expect.first(
        "csi-mount-stale",
        Layouts.istio("2026-01-02T03:00:00Z")
            .set(Kind.POD, "web", "/status/containerStatuses/0/restartCount", "1")
            .set(
                Kind.POD,
                "web",
                "/status/containerStatuses/0/state",
                "{running: {startedAt: '2026-01-02T03:01:10Z'}}")
            .set(
                Kind.POD,
                "web",
                "/status/containerStatuses/0/lastState",
                "{terminated: {exitCode: 255, reason: Error, startedAt: '2026-01-02T02:30:10Z'}}"));
  }

  /** What is mounted below hides what is mounted above it. */
  @Test
  void theInnermostVolumeCounts() {
    ClusterScene scene =
        driverWith("/run/spire/public")
            .set(Kind.POD, AGENT, "/spec/volumes/1/hostPath/path", "/run/spire")
            .set(Kind.POD, AGENT, "/spec/containers/0/volumeMounts/1/mountPath", "/tmp/spire-agent")
            .edit(
                Kind.POD,
                AGENT,
                o -> {
                  ((ArrayNode) o.at("/spec/volumes"))
                      .addObject()
                      .put("name", "own")
                      .putObject("emptyDir");
                  ((ArrayNode) o.at("/spec/containers/0/volumeMounts"))
                      .addObject()
                      .put("name", "own")
                      .put("mountPath", "/tmp/spire-agent/public");
                });
    assertThat(ids(scene)).doesNotContain("csi-mount-stale").contains("csi-directory-mismatch");
  }

  private static List<String> ids(ClusterScene scene) {
    return scene.report().findings().stream().map(ranked -> ranked.finding().id()).toList();
  }

  @Test
  void whoLooksBelowTellsByMoreThanItsVariable() {
    ClusterScene above = driverWith("/run/spire");
    Report file = above.set(Kind.POD, "web", "/spec/containers/0/env", "[]").report();
    assertThat(file.findings())
        .noneMatch(ranked -> ranked.finding().id().equals("csi-directory-mismatch"));
    assertThat(file.unknown().toString())
        .contains("at which path the containers of apps/web look for the socket");
    assertThat(
            ids(
                above
                    .set(Kind.POD, "web", "/spec/containers/0/env", "[]")
                    .set(
                        Kind.POD,
                        "web",
                        "/spec/containers/0/args",
                        "['-socketPath=/spiffe-workload-api/agent-sockets/spire-agent.sock']")))
        .doesNotContain("csi-directory-mismatch");
    assertThat(
            ids(
                driverWith("/run/spire")
                    .set(
                        Kind.POD,
                        "web",
                        "/spec/containers/0/volumeMounts/0/subPath",
                        "agent-sockets")))
        .doesNotContain("csi-directory-mismatch");
  }

  /** While agents and drivers are rolled out, the nodes differ. */
  @Test
  void eachNodeIsComparedByItself() {
    Expect.healthy(
        Layouts.twoNodes()
            .set(Kind.POD, AGENT, "/spec/volumes/1/hostPath/path", "/run/new")
            .set(Kind.POD, DRIVER, "/spec/volumes/0/hostPath/path", "/run/new")
            .set(
                Kind.POD,
                AGENT,
                "/spec/initContainers/0/volumeMounts",
                "[{name: sockets, mountPath: /run/new}]"));
    Finding found =
        Expect.first(
            "csi-directory-mismatch",
            Layouts.twoNodes().set(Kind.POD, "csi-z", "/spec/volumes/0/hostPath/path", "/run/new"));
    assertThat(found.evidence().toString()).contains("apps/web-z").doesNotContain("apps/web,");
  }

  /** A DaemonSet may start its new pod before it ends the old one. */
  @Test
  void twoPodsOfOneDriverAreOne() {
    Expect.healthy(
        Layouts.chart().copy(Kind.POD, DRIVER, "new").set(Kind.POD, "new", "/metadata/uid", "new"));
  }

  /** Another volume would change what else the driver has of it. */
  @Test
  void onlyAWholeVolumeIsReplaced() {
    Finding found =
        Expect.first(
            "csi-directory-mismatch",
            driverWith("/run")
                .set(Kind.POD, DRIVER, "/spec/containers/0/volumeMounts/0/mountPath", "/host-run")
                .set(
                    Kind.POD,
                    DRIVER,
                    "/spec/containers/0/args",
                    "[-workload-api-socket-dir, /host-run/spire/old, -plugin-name, csi.spiffe.io]"));
    assertThat(found.remedies()).noneMatch(Remedy.Command.class::isInstance);
  }

  /** A nested SPIRE's server has the socket of the upstream agents too. */
  @Test
  void eachVolumeOfAPodHasItsDriver() {
    assertThat(
            ids(
                driverWith("/elsewhere")
                    .edit(
                        Kind.POD,
                        "web",
                        o ->
                            ((ArrayNode) o.at("/spec/volumes"))
                                .insertObject(0)
                                .put("name", "up")
                                .putObject("csi")
                                .put("driver", "upstream.csi.spiffe.io")
                                .put("readOnly", true))))
        .contains("csi-directory-mismatch");
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

  private static List<String> commands(Finding finding) {
    return finding.remedies().stream().map(Remedy::block).filter(b -> !b.isEmpty()).toList();
  }

  /** The agents tolerate everything, as in SPIRE's quickstart; the driver does not. */
  @Test
  void csiDriverNotRegistered() {
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

  /** Names of a Deployment's pods do not last. */
  @Test
  void aDeploymentIsAskedToReplaceItsPods() {
    ClusterScene scene =
        Layouts.istio("2026-01-02T03:01:00Z")
            .object(
                Kind.DEPLOYMENT,
                "{metadata: {name: web, namespace: apps, uid: web-uid}, spec: {template: {}}}");
    assertThat(commands(Expect.first("csi-mount-stale", scene)).getFirst())
        .isEqualTo("kubectl rollout restart -n apps deployment/web");
  }
}
