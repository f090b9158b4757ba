package org.spiredoctor.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import org.junit.jupiter.api.Test;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.report.Style;

/** What {@code --fix} does where there is no pod to do it in. */
class EntryFixerTest {
  private static final ClusterAccess ANY =
      new ClusterAccess(Optional.empty(), Optional.empty(), Optional.empty());

  @Test
  void whatHasNoPodIsRefusedInOneLine() throws InterruptedException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(stream, stream, new Style(false, true, 80), Map.of());
    ClusterScene scene =
        ClusterScene.healthy()
            .remove(Kind.POD, "spire-server-0")
            .remove(Kind.STATEFUL_SET, "spire-server")
            .askedOn("/run/spire/api.sock")
            .webEntry();
    boolean changed = new EntryFixer(ANY, terminal, true, new Scanner("")).apply(scene.report());
    assertThat(changed).isFalse();
    assertThat(said.toString(StandardCharsets.UTF_8).strip().lines())
        .singleElement()
        .asString()
        .contains("--fix runs spire-server in its pod")
        .contains("run the commands of the report");
  }

  private static String said(ClusterScene scene, boolean yes, String answers)
      throws InterruptedException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(stream, stream, new Style(false, true, 80), Map.of());
    assertThat(new EntryFixer(ANY, terminal, yes, new Scanner(answers)).apply(scene.report()))
        .isFalse();
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void anEntryIsMadeWithTheNodeAliasAboveItOrNotAtAll() throws InterruptedException {
    ClusterScene named = ClusterScene.healthy().entries().askingFor("apps", "web").expecting(WEB);
    String refused = said(named, false, "n\ny\n");
    assertThat(refused.split("Do it\\?", -1)).hasSize(2);
    assertThat(refused).contains("First create a node alias").contains("Nothing was changed.");
    assertThat(said(ClusterScene.healthy().entries(), true, ""))
        .contains("Shown, not applied: First create a node alias")
        .contains("Gains spiffe://example.org/ns/apps/sa/default: apps/web")
        .contains("Nothing was changed.");
  }

  @Test
  void eachChangeIsAskedForByItself() throws InterruptedException {
    String said =
        said(
            ClusterScene.healthy()
                .entries(
                    entry("web", WEB, ALIAS, "k8s:ns:apps", "k8s:pod-label:app:web"),
                    entry("db", "spiffe://example.org/db", ALIAS + "2", "k8s:pod-label:app:db"))
                .object(
                    Kind.POD,
                    """
                    {metadata: {name: db, namespace: apps, uid: pod-uid-2, labels: {app: db}},
                     spec: {nodeName: node-1, serviceAccountName: default,
                       containers: [{name: app, image: "db:1",
                         env: [{name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///s/api.sock"}],
                         volumeMounts: [{name: spire, mountPath: /s}]}],
                       volumes: [{name: spire, hostPath: {path: /run/spire/sockets}}]},
                     status: {phase: Running, conditions: [{type: Ready, status: "True"}]}}
                    """),
            false,
            "n\nn\n");
    assertThat(said.split("Do it\\?", -1)).hasSize(3);
    assertThat(said)
        .contains("Gains " + WEB + ": apps/web")
        .contains("Gains spiffe://example.org/db: apps/db")
        .contains("Nothing was changed.");
  }

  @Test
  void whatIsNotAllowedIsShownWhateverIsAnswered() throws InterruptedException {
    for (boolean yes : new boolean[] {true, false}) {
      assertThat(said(ClusterScene.healthy().webEntry(), yes, "y\ny\n"))
          .contains("Shown, not applied: ")
          .contains("Gains spiffe://example.org/ns/apps/sa/default: apps/web")
          .contains("name each pod")
          .contains("Nothing was changed.")
          .doesNotContain("Do it?");
    }
  }
}
