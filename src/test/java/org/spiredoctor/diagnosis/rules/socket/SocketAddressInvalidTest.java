package org.spiredoctor.diagnosis.rules.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.ENV;
import static org.spiredoctor.diagnosis.rules.pod.PodScenes.patch;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.evidence.Address.Origin;
import org.spiredoctor.kube.Kind;

class SocketAddressInvalidTest {
  @Test
  void socketAddressInvalid() {
    Finding found =
        Expect.first(
            "socket-address-invalid",
            ClusterScene.healthy().set(Kind.POD, "web", ENV, "unix://spire-socket/api.sock"));
    assertThat(patch(found)).contains("value: unix:///spire-socket/api.sock");
    Expect.unknown(
        "socket-not-configured",
        ClusterScene.healthy().set(Kind.POD, "web", ENV, "unix:///$(DIR)/api.sock"));
  }

  @Test
  void socketAddressInvalidInThePod() {
    Finding found =
        Expect.first(
            "socket-address-invalid",
            Scene.pod().address("/spire-socket/api.sock", Origin.VARIABLE));
    assertThat(found.remedies().getFirst())
        .isInstanceOfSatisfying(
            Remedy.Patch.class,
            patch -> assertThat(patch.yaml()).contains("value: unix:///spire-socket/api.sock"));
    Expect.first("socket-address-invalid", Scene.pod().address("http://x", Origin.VARIABLE));
  }
}
