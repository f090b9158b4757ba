package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.image;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class ServerNotReadyTest {
  @Test
  void serverNotReady() {
    Finding crash =
        Expect.first(
            "server-not-ready",
            ClusterScene.healthy()
                .serverCrashes(
                    """
                    level=error msg="Server crashed" error="no space left on device"
                    """));
    assertThat(crash.summary()).contains("crashes again and again");
    assertThat(crash.evidence().toString())
        .contains("CrashLoopBackOff", "exit code 1", "Server crashed: no space left");
    assertThat(command(crash)).endsWith("-c spire-server --tail=50 --previous");
    Finding image =
        Expect.first(
            "server-not-ready",
            ClusterScene.healthy()
                .serverCrashes("")
                .edit(
                    Kind.POD,
                    "spire-server-0",
                    o ->
                        ((com.fasterxml.jackson.databind.node.ObjectNode)
                                o.at("/status/containerStatuses/0/state/waiting"))
                            .put("reason", "ImagePullBackOff")));
    assertThat(image.summary()).contains("cannot get its image");
    Finding pending =
        Expect.first(
            "server-not-ready",
            ClusterScene.healthy()
                .set(Kind.POD, "spire-server-0", "/spec/nodeName", "''")
                .set(Kind.POD, "spire-server-0", "/status/containerStatuses", "[]")
                .set(
                    Kind.POD,
                    "spire-server-0",
                    "/status/conditions",
                    "[{type: PodScheduled, status: 'False', reason: Unschedulable, message: 'pod"
                        + " has unbound immediate PersistentVolumeClaims'}]"));
    assertThat(pending.evidence().toString()).contains("unbound immediate");
    assertThat(command(pending)).isEqualTo("kubectl describe pod -n spire-system spire-server-0");
  }

  @Test
  void anImageThatWasNeverGotIsOfNoVersion() {
    ClusterScene scene =
        image(ClusterScene.healthy(), Kind.POD, "spire-server-0", "s/spire-server:9.9.9");
    scene
        .serverCrashes("")
        .set(Kind.POD, "spire-server-0", "/status/containerStatuses/0/imageID", "''")
        .set(
            Kind.POD,
            "spire-server-0",
            "/status/containerStatuses/0/state",
            "{waiting: {reason: ImagePullBackOff, message: no}}");
    Expect.first("server-not-ready", scene);
  }

  @Test
  void whatKeepsAServerFromStartingIsInTheSummary() {
    ClusterScene scene =
        ClusterScene.healthy()
            .serverCrashes("")
            .set(
                Kind.POD,
                "spire-server-0",
                "/status/containerStatuses/0/state",
                "{waiting: {reason: ContainerCreating}}")
            .event(
                "Pod",
                "spire-system",
                "spire-server-0",
                "FailedMount",
                "MountVolume.SetUp failed for volume \"c\" : configmap \"spire-server\" not found");
    Finding found = Expect.first("server-not-ready", scene);
    assertThat(found.summary()).contains("configmap \"spire-server\" not found");
    assertThat(found.remedies().getFirst().summary()).contains("Make the config map spire-server");
  }
}
