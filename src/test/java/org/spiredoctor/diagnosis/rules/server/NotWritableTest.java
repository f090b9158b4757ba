package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.datastore;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

/** The server lacks the permission to write where it has to. */
class NotWritableTest {
  private static ClusterScene closed(String volume) {
    return datastore(
            "sqlite3",
            "/run/spire/data/datastore.sqlite3",
            "unable to open database file: permission denied")
        .merge(Kind.POD, "spire-server-0", "/spec", "{securityContext: {runAsUser: 1000}}")
        .add(
            Kind.POD,
            "spire-server-0",
            "/spec/containers/0/volumeMounts",
            "{name: spire-data, mountPath: /run/spire/data}")
        .add(Kind.POD, "spire-server-0", "/spec/volumes", "{name: spire-data, " + volume + "}");
  }

  @Test
  void aVolumeThatTheServerMustNotWriteIsNamed() {
    Finding claim =
        Expect.first(
            "server-datastore-failed", closed("persistentVolumeClaim: {claimName: data-0}"));
    assertThat(claim.evidence().toString())
        .contains(
            "database_type sqlite3, connection_string /run/spire/data/datastore.sqlite3",
            "on volume spire-data (persistentVolumeClaim data-0), mounted at /run/spire/data",
            "runs as user 1000, fsGroup is not set");
    assertThat(command(claim))
        .isEqualTo(
            "kubectl patch -n spire-system statefulset/spire-server -p"
                + " '{\"spec\":{\"template\":{\"spec\":{\"securityContext\":{\"fsGroup\":1000}}}}}'");
    assertThat(claim.remedies().toString()).doesNotContain("connection_string");
    Finding host = Expect.first("server-datastore-failed", closed("hostPath: {path: /srv/spire}"));
    assertThat(host.remedies().getFirst().summary())
        .contains("Give user 1000 the directory /srv/spire on node node-1");
    Finding set =
        Expect.first(
            "server-datastore-failed",
            closed("persistentVolumeClaim: {claimName: data-0}")
                .merge(Kind.POD, "spire-server-0", "/spec/securityContext", "{fsGroup: 1000}"));
    assertThat(set.evidence().toString()).contains("fsGroup 1000");
    assertThat(set.remedies().getFirst()).isInstanceOf(Remedy.Advice.class);
  }

  @Test
  void aMountThatIsReadOnlyIsNamedBeforeTheGroup() {
    ClusterScene scene = closed("persistentVolumeClaim: {claimName: data-0}");
    Finding mount =
        Expect.first(
            "server-datastore-failed",
            scene.merge(
                Kind.POD,
                "spire-server-0",
                "/spec/containers/0/volumeMounts/1",
                "{readOnly: true}"));
    assertThat(mount.evidence().toString())
        .contains("volume spire-data is mounted at /run/spire/data with readOnly: true");
    assertThat(command(mount))
        .isEqualTo(
            "kubectl patch -n spire-system statefulset/spire-server -p"
                + " '{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"spire-server\","
                + "\"volumeMounts\":[{\"mountPath\":\"/run/spire/data\",\"readOnly\":false}]}]}}}}'");
    assertThat(mount.remedies().toString()).doesNotContain("\"fsGroup\"");
    Finding claim =
        Expect.first(
            "server-datastore-failed",
            closed("persistentVolumeClaim: {claimName: data-0, readOnly: true}"));
    assertThat(command(claim)).contains("\"claimName\":\"data-0\",\"readOnly\":false");
  }

  @Test
  void aSocketDirectoryThatTheServerMustNotWriteIsNamed() {
    Finding found =
        Expect.first(
            "server-not-ready",
            ClusterScene.healthy()
                .serverCrashes(
                    "level=error msg=\"Server crashed\" error=\"listen unix"
                        + " /run/spire/private/api.sock: bind: permission denied\"\n")
                .merge(Kind.POD, "spire-server-0", "/spec", "{securityContext: {runAsUser: 1000}}")
                .add(
                    Kind.POD,
                    "spire-server-0",
                    "/spec/containers/0/volumeMounts",
                    "{name: private, mountPath: /run/spire/private}")
                .add(
                    Kind.POD,
                    "spire-server-0",
                    "/spec/volumes",
                    "{name: private, hostPath: {path: /run/spire/private}}"));
    assertThat(found.summary()).contains("bind: permission denied");
    assertThat(found.evidence().toString())
        .contains("on volume private (hostPath /run/spire/private)", "runs as user 1000");
    assertThat(found.remedies().getFirst().summary())
        .contains("Give user 1000 the directory /run/spire/private on node node-1");
  }
}
