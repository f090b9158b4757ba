package org.spiredoctor.diagnosis.rules.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.Scene.mount;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.patch;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.spire.Ending.Phase;

class SocketFileMountedTest {
  private static final String REFUSED =
      "ConnectException: Connection refused: /spire-socket/api.sock";

  @Test
  void socketFileMounted() {
    ClusterScene file =
        ClusterScene.healthy()
            .set(Kind.POD, "web", "/spec/volumes/0/hostPath/path", "/run/spire/sockets/api.sock")
            .set(Kind.POD, "web", "/spec/volumes/0/hostPath/type", "Socket")
            .set(
                Kind.POD,
                "web",
                "/spec/containers/0/volumeMounts/0/mountPath",
                "/spire-socket/api.sock");
    Finding later = Expect.first("socket-file-mounted", file);
    assertThat(later.severity()).isEqualTo(Severity.WARNING);
    assertThat(patch(later)).contains("path: /run/spire/sockets\n").contains("/spire-socket\n");
    Finding dead =
        Expect.first(
            "socket-file-mounted",
            file.set(
                Kind.POD,
                "spire-agent-x1y2z",
                "/status/containerStatuses/0/state",
                "{running: {startedAt: \"2026-01-02T03:02:00Z\"}}"));
    assertThat(dead.severity()).isEqualTo(Severity.ERROR);
    // A bare pod that is deleted is gone for good.
    assertThat(dead.remedies()).singleElement().isInstanceOf(Remedy.Patch.class);
    Expect.first(
        "socket-file-mounted",
        ClusterScene.healthy()
            .set(
                Kind.POD,
                "web",
                "/spec/containers/0/volumeMounts",
                "[{name: spire, mountPath: /spire-socket/api.sock, subPath: api.sock}]"));
  }

  @Test
  void socketFileMountedInThePod() {
    Finding dead =
        Expect.first(
            "socket-file-mounted",
            Scene.connection(Phase.CONNECT, REFUSED)
                .mounts(mount("/", "/"), mount("/spire-socket/api.sock", "/tmp/x/api.sock")));
    assertThat(dead.severity()).isEqualTo(Severity.ERROR);
    Finding alive =
        Expect.first(
            "socket-file-mounted",
            Scene.served()
                .mounts(mount("/", "/"), mount("/spire-socket/api.sock", "/tmp/x/api.sock")));
    assertThat(alive.severity()).isEqualTo(Severity.WARNING);
  }
}
