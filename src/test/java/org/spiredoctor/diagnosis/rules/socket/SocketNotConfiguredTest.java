package org.spiredoctor.diagnosis.rules.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.Scene.mount;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.patch;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.evidence.Address.Origin;
import org.spiredoctor.kube.Kind;

class SocketNotConfiguredTest {
  @Test
  void socketNotConfigured() {
    Finding found =
        Expect.first(
            "socket-not-configured",
            ClusterScene.healthy()
                .set(Kind.POD, "web", "/spec/containers/0/env", "[]")
                .log(
                    "apps",
                    "web",
                    "app",
                    false,
                    "panic: workload endpoint socket address is not configured\n"));
    assertThat(patch(found)).contains("unix:///spire-socket/api.sock");
    Expect.first(
        "socket-not-configured",
        ClusterScene.healthy()
            .set(Kind.POD, "web", "/spec/containers/0/env", "[]")
            .log("apps", "web", "app", false, "fatal: SPIFFE_ENDPOINT_SOCKET is not set\n"));
    Finding silent =
        Expect.first(
            "socket-not-configured",
            ClusterScene.healthy().set(Kind.POD, "web", "/spec/containers/0/env", "[]"));
    assertThat(silent.confidence()).isEqualTo(Finding.Confidence.POSSIBLE);
    assertThat(patch(silent)).contains("value: unix:///spire-socket/api.sock");
    Expect.healthy(
        ClusterScene.healthy()
            .set(Kind.POD, "web", "/spec/containers/0/env", "[]")
            .merge(
                Kind.POD,
                "web",
                "/spec/containers/0",
                "{args: [-socketPath, /spire-socket/api.sock]}"));
    for (String told :
        List.of(
            "{envFrom: [{configMapRef: {name: settings}}]}",
            "{env: [{name: SPIFFE_ENDPOINT_SOCKET, valueFrom: {configMapKeyRef: {name: x, key: y}}}]}",
            "{volumeMounts: [{name: spire, mountPath: /spire-socket}, {name: settings, mountPath: /etc/web}]}")) {
      Expect.unknown(
          "socket-not-configured",
          ClusterScene.healthy()
              .set(Kind.POD, "web", "/spec/containers/0/env", "[]")
              .set(
                  Kind.POD,
                  "web",
                  "/spec/volumes",
                  "[{name: spire, hostPath: {path: /run/spire/sockets, type: Directory}}, {name:"
                      + " settings, configMap: {name: settings}}]")
              .merge(Kind.POD, "web", "/spec/containers/0", told));
    }
    // What is merely possible is not told beside what is wrong.
    Expect.first(
        "entry-missing",
        ClusterScene.healthy().webEntry().set(Kind.POD, "web", "/spec/containers/0/env", "[]"));
  }

  @Test
  void socketNotConfiguredInThePod() {
    Expect.first(
        "socket-not-configured",
        Scene.pod()
            .address("unix:///tmp/spire-agent/public/api.sock", Origin.DEFAULT)
            .withoutDirectory()
            .mounts(mount("/", "/")));
    Finding found =
        Expect.first(
            "socket-not-configured",
            Scene.served().address("unix:///spire-socket/api.sock", Origin.DETECTED));
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    Expect.healthy(
        Scene.served().address("unix:///spire-socket/api.sock", Origin.DETECTED).outsidePod());
  }
}
