package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.SERVER;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.database;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.Kind;

class ServerDatastoreNotSharedTest {
  /** Two replicas, whose database is a file on a volume. */
  private static ClusterScene replicas(String type, String first, String second) {
    String mount = "{name: data, mountPath: /run/spire/data}";
    ClusterScene scene =
        ClusterScene.healthy()
            .configEdit(
                SERVER,
                "server.conf",
                "plugins {",
                "plugins {\n  DataStore \"sql\" { plugin_data { database_type = \""
                    + type
                    + "\"\n connection_string = \"/run/spire/data/datastore.sqlite3\" } }\n")
            .set(Kind.STATEFUL_SET, SERVER, "/spec/replicas", "2")
            .add(Kind.POD, "spire-server-0", "/spec/containers/0/volumeMounts", mount)
            .copy(Kind.POD, "spire-server-0", "spire-server-1");
    return scene
        .add(Kind.POD, "spire-server-0", "/spec/volumes", "{name: data, " + first + "}")
        .add(Kind.POD, "spire-server-1", "/spec/volumes", "{name: data, " + second + "}");
  }

  @Test
  void serverDatastoreNotShared() {
    String claim = "persistentVolumeClaim: {claimName: data-%d}";
    Finding found =
        Expect.first(
            "server-datastore-not-shared",
            replicas("sqlite3", claim.formatted(0), claim.formatted(1)));
    assertThat(found.evidence().toString())
        .contains(
            "database_type sqlite3, connection_string /run/spire/data/datastore.sqlite3",
            "persistentVolumeClaim data-0",
            "persistentVolumeClaim data-1");
    assertThat(command(found))
        .isEqualTo("kubectl scale -n spire-system statefulset/spire-server --replicas=1");
    Expect.first(
        "server-datastore-not-shared", replicas("sqlite3", "emptyDir: {}", "emptyDir: {}"));
    // The agent is at the other.
    Expect.first(
        "server-datastore-not-shared",
        replicas("sqlite3", claim.formatted(0), claim.formatted(1)).attested());
  }

  /** Two StatefulSets with the labels of one Service, as while one replaces the other. */
  @Test
  void serversBehindOneServiceDoNotShareADatabase() {
    ClusterScene scene = database();
    volume(scene, "spire-server-0", "persistentVolumeClaim: {claimName: data-a}");
    scene
        .copy(Kind.STATEFUL_SET, SERVER, "spire-server-b")
        .set(Kind.STATEFUL_SET, "spire-server-b", "/metadata/uid", "server-b")
        .copy(Kind.POD, "spire-server-0", "spire-server-b-0")
        .set(
            Kind.POD,
            "spire-server-b-0",
            "/metadata/ownerReferences",
            "[{kind: StatefulSet, name: spire-server-b, uid: server-b}]");
    Expect.healthy(scene);
    scene.edit(
        Kind.POD,
        "spire-server-b-0",
        pod ->
            ((ObjectNode) pod.at("/spec/volumes/1/persistentVolumeClaim"))
                .put("claimName", "data-b"));
    Finding found = Expect.first("server-datastore-not-shared", scene);
    assertThat(found.summary()).startsWith("2 ready SPIRE servers at one address do not share");
    assertThat(found.evidence().toString()).contains("data-a", "data-b");
    assertThat(found.remedies()).allMatch(Remedy.Advice.class::isInstance);
  }

  private static void volume(ClusterScene scene, String pod, String volume) {
    scene
        .add(
            Kind.POD,
            pod,
            "/spec/containers/0/volumeMounts",
            "{name: data, mountPath: /run/spire/data}")
        .add(Kind.POD, pod, "/spec/volumes", "{name: data, " + volume + "}");
  }

  /** By another database's address in one of them, or one that was not started anew. */
  @Test
  void replicasThatPublishOtherKeys() {
    ClusterScene scene = replicas("postgres", "emptyDir: {}", "emptyDir: {}");
    List<Agent> agents = scene.evidence().attested().seen().orElseThrow();
    List<Entry> entries = scene.evidence().entries().seen().orElseThrow();
    scene.otherServer("spire-system", "spire-server-1", agents, entries);
    Expect.healthy(scene);
    Finding found =
        Expect.first(
            "server-datastore-not-shared",
            scene.bundle(
                ClusterScene.bundleOf(
                    "example.org",
                    new TrustBundle.X509Authority(
                        "O=x",
                        Optional.of(ClusterScene.NOW.minusSeconds(60)),
                        Optional.of(ClusterScene.NOW.plusSeconds(86_400)),
                        "ab",
                        false))));
    assertThat(found.evidence().toString())
        .contains("pod spire-system/spire-server-1", "2 entries, JWT keys nKkrHJNk");
  }

  /** Entries come and go between the answers of replicas; one of them tells all. */
  @Test
  void whatChangedBetweenTheAnswersOfReplicasIsNoFault() {
    ClusterScene scene = replicas("postgres", "emptyDir: {}", "emptyDir: {}");
    List<Agent> agents = scene.evidence().attested().seen().orElseThrow();
    List<Entry> entries = scene.evidence().entries().seen().orElseThrow();
    Expect.healthy(scene.otherServer("spire-system", "spire-server-1", agents, List.of()));
    List<Entry> updated =
        entries.stream().map(e -> e.federatingWith(List.of("other.org"))).toList();
    Expect.healthy(scene.otherServer("spire-system", "spire-server-1", agents, updated));
  }

  @Test
  void aDatabaseThatCanBeSharedIsNoFault() {
    String claim = "persistentVolumeClaim: {claimName: data-%d}";
    Expect.healthy(replicas("postgres", claim.formatted(0), claim.formatted(1)));
    Expect.healthy(replicas("sqlite3", claim.formatted(0), claim.formatted(0)));
    // An unknown kind of volume, and a directory that nodes can have in common.
    Expect.healthy(replicas("sqlite3", "nfs: {}", "nfs: {}"));
    Expect.healthy(replicas("sqlite3", "hostPath: {path: /a}", "hostPath: {path: /a}"));
    // As it is for a moment when a deployment is rolled out.
    Expect.healthy(
        replicas("sqlite3", "emptyDir: {}", "emptyDir: {}")
            .set(Kind.STATEFUL_SET, SERVER, "/spec/replicas", "1"));
  }
}
