package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.Layouts.DRIVER;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Layouts;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class CsiDirectoryMismatchTest {
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
}
