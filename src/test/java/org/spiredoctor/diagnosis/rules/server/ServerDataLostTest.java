package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.SERVER;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.database;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;

class ServerDataLostTest {
  private static final String ATTESTED =
      "time=\"2026-01-01T03:00:10Z\" level=info msg=\"Node attestation was successful\""
          + " spiffe_id=\""
          + ClusterScene.AGENT
          + "\"\n";

  private static ClusterScene restarted(ClusterScene scene) {
    return scene.merge(
        Kind.POD,
        "spire-server-0",
        "/status/containerStatuses/0",
        "{restartCount: 1, state: {running: {startedAt: '2026-01-02T03:00:00Z'}}}");
  }

  private static ClusterScene agentCreated(ClusterScene scene, String at) {
    return scene.merge(
        Kind.POD, "spire-agent-x1y2z", "/metadata", "{creationTimestamp: '" + at + "'}");
  }

  /** That agents knew the server before it was restarted. */
  private static ClusterScene usedBefore(ClusterScene scene) {
    return agentCreated(scene, "2026-01-01T03:00:00Z").agentLog(ATTESTED);
  }

  @Test
  void serverDataLost() {
    Finding found = Expect.first("server-data-lost", usedBefore(restarted(database()).entries()));
    assertThat(found.summary()).contains("on no volume");
    assertThat(found.evidence().toString()).contains("restarts: 1", "/run/spire/data/");
    // A restart of the container does no harm to an emptyDir; a new pod does.
    ClusterScene emptyDir =
        usedBefore(restarted(database()).entries())
            .add(
                Kind.POD,
                "spire-server-0",
                "/spec/containers/0/volumeMounts",
                "{name: data, mountPath: /run/spire/data}")
            .add(Kind.POD, "spire-server-0", "/spec/volumes", "{name: data, emptyDir: {}}");
    Expect.first("entry-missing", emptyDir);
    emptyDir.merge(
        Kind.POD, "spire-server-0", "/metadata", "{creationTimestamp: '2026-01-02T03:00:00Z'}");
    assertThat(Expect.first("server-data-lost", emptyDir).summary()).contains("on an emptyDir");
  }

  @Test
  void serverDataLostOutOfMemory() {
    ClusterScene scene =
        usedBefore(restarted(database()).entries())
            .configEdit(
                SERVER,
                "server.conf",
                "/run/spire/data/datastore.sqlite3",
                "memdb?mode=memory&cache=shared");
    assertThat(Expect.first("server-data-lost", scene).summary())
        .contains("its database is in memory");
  }

  /** A node alias serves nobody, and neither does the new entry of another pod. */
  @Test
  void whatWasMadeSinceDoesNotHideThatTheRestIsLost() {
    Entry alias =
        entry("alias", ALIAS, "spiffe://example.org/spire/server", "k8s_psat:cluster:demo");
    Expect.first("server-data-lost", usedBefore(restarted(database()).entries(alias)));
    Entry other = made(entry("other", WEB + "-2", ALIAS, "k8s:ns:other"), "2026-01-02T03:01:00Z");
    Expect.first("server-data-lost", usedBefore(restarted(database()).entries(alias, other)));
    // One of before shows that it was kept.
    Entry old = made(entry("old", WEB + "-2", ALIAS, "k8s:ns:other"), "2026-01-01T03:01:00Z");
    assertThat(usedBefore(restarted(database()).entries(alias, other, old)).report().findings())
        .noneMatch(one -> one.finding().id().equals("server-data-lost"));
    Entry web = made(entry("web", WEB, ALIAS, "k8s:ns:apps"), "2026-01-02T03:01:00Z");
    Expect.healthy(usedBefore(restarted(database()).entries(alias, web)));
  }

  private static Entry made(Entry entry, String at) {
    return new Entry(
        entry.id(),
        entry.spiffeId(),
        entry.parentId(),
        entry.selectors(),
        entry.expiresAt(),
        Optional.of(Instant.parse(at)),
        entry.downstream(),
        entry.storeSvid(),
        entry.hint(),
        entry.federatesWith(),
        entry.settings());
  }

  /** The entries would be gone with the pod. */
  @Test
  void theEntriesAreSavedBeforeAServerIsReplacedThatKeepsThemInItsPod() {
    ClusterScene scene =
        database()
            .configEdit(
                SERVER, "server.conf", "\"spire-system:spire-agent\"", "\"spire-system:other\"")
            .attested();
    for (boolean lasting : List.of(false, true)) {
      if (lasting) {
        scene
            .add(
                Kind.POD,
                "spire-server-0",
                "/spec/containers/0/volumeMounts",
                "{name: data, mountPath: /run/spire/data}")
            .add(
                Kind.POD,
                "spire-server-0",
                "/spec/volumes",
                "{name: data, persistentVolumeClaim: {claimName: data}}");
      }
      List<String> commands =
          Expect.first("agent-psat-rejected", scene).remedies().stream()
              .map(Remedy::block)
              .toList();
      int save = at(commands, "entry show -output json > entries.json");
      int restart = at(commands, "kubectl delete pod -n spire-system spire-server-0");
      assertThat(restart).as("%s", commands).isNotNegative();
      if (lasting) {
        assertThat(save).isNegative();
      } else {
        assertThat(save).isNotNegative().isLessThan(restart);
      }
    }
  }

  private static int at(List<String> commands, String part) {
    return IntStream.range(0, commands.size())
        .filter(at -> commands.get(at).contains(part))
        .findFirst()
        .orElse(-1);
  }

  @Test
  void anAgentThatTheServerNoLongerKnowsShowsThatItLostItsData() {
    for (String line :
        List.of(
            "msg=\"Agent needs to re-attest: removing SVID and shutting down\"",
            "msg=\"Failed to sync\" error=\"rpc error: code = PermissionDenied desc = agent is not"
                + " attested\"",
            "msg=\"Agent crashed\" error=\"x509: certificate signed by unknown authority\"")) {
      Expect.first(
          "server-data-lost",
          agentCreated(restarted(database()).entries(), "2026-01-01T03:00:00Z")
              .agentLog("time=\"2026-01-02T03:03:00Z\" level=error " + line + "\n"));
    }
  }

  @Test
  void anInstallationThatIsNotUsedYetHasLostNothing() {
    Expect.first("entry-missing", restarted(database()).entries());
    // Attested while the server was installed, and restarted once.
    Expect.first(
        "entry-missing",
        agentCreated(restarted(database()).entries(), "2026-01-02T02:57:00Z")
            .agentLog(ATTESTED.replace("2026-01-01T03:00", "2026-01-02T02:58")));
    // The server's image was pulled for twenty minutes.
    Expect.first(
        "entry-missing",
        agentCreated(database().entries(), "2026-01-02T02:30:00Z")
            .merge(
                Kind.POD,
                "spire-server-0",
                "/metadata",
                "{creationTimestamp: '2026-01-02T02:50:00Z'}")
            .agentLog(ATTESTED.replace("2026-01-01T03:00", "2026-01-02T02:58")));
  }

  @Test
  void aServerThatLostNothingIsNotSaidTo() {
    Expect.healthy(restarted(database()));
    Expect.first("entry-missing", database().entries());
    Expect.first(
        "entry-missing",
        usedBefore(restarted(database()).entries())
            .add(
                Kind.POD,
                "spire-server-0",
                "/spec/containers/0/volumeMounts",
                "{name: data, mountPath: /run/spire/data}")
            .add(
                Kind.POD,
                "spire-server-0",
                "/spec/volumes",
                "{name: data, persistentVolumeClaim: {claimName: data-0}}"));
  }
}
