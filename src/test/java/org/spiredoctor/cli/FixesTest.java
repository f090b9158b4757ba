package org.spiredoctor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.report.Style;

/** What {@code --fix} does where there is no pod to do it in. */
class FixesTest {

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
    boolean changed = new Fixes(new ClusterConnection(), terminal, true).apply(scene.report());
    assertThat(changed).isFalse();
    assertThat(said.toString(StandardCharsets.UTF_8).strip().lines())
        .singleElement()
        .asString()
        .contains("--fix runs spire-server in its pod")
        .contains("run the commands of the report");
  }
}
