package org.spiredoctor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.console.ProgressLine;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.console.TerminationLog;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Manager;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.report.ClusterEvidenceText;
import org.spiredoctor.report.JsonReport;
import org.spiredoctor.report.Style;
import org.spiredoctor.report.TextReport;
import org.spiredoctor.report.YamlReport;
import org.spiredoctor.run.RunConsole;
import org.spiredoctor.run.gotest.JUnitXml;
import org.spiredoctor.run.gotest.TestResults;

/** No text from outside controls a terminal, turns the direction of text, or ends a line. */
class HostileTextTest {
  /** Each of a kind: C0, C1, next line, separators, direction, joiner, half a pair, private. */
  private static final String HOSTILE =
      "a\u001b[2J\u0007\b\r\u0085\u009b31m\u2028\u2029\u202a\u202e\u2066\u2069\u200d\u200f\ufeff"
          + "\ud800\ue000z";

  @TempDir private Path directory;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final Terminal terminal =
      new Terminal(stream, stream, new Style(false, true, 80), Map.of());

  /** Ends of lines are our own. */
  private static void assertHarmless(String text) {
    assertThat(text).contains("a").contains("z");
    assertThat(
            text.codePoints().filter(c -> c != '\n' && isHostile(c)).mapToObj(Integer::toHexString))
        .isEmpty();
  }

  private static boolean isHostile(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  private String said() {
    String said = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    return said;
  }

  @Test
  void theTerminal() {
    terminal.print(HOSTILE);
    assertHarmless(said());
    terminal.say(HOSTILE);
    assertHarmless(said());
    terminal.complain(HOSTILE);
    assertHarmless(said());
  }

  @Test
  void linesOfARun() {
    RunConsole console = new RunConsole(terminal);
    console.say("  Namespace: " + HOSTILE);
    assertHarmless(said());
    console.reached(HOSTILE);
    assertHarmless(said());
    console.doing(HOSTILE);
    assertHarmless(said());
    console.failed(HOSTILE);
    assertHarmless(said());
    console.line(HOSTILE);
    assertHarmless(said());
  }

  @Test
  void progress() throws InterruptedException {
    try (ProgressLine steps = ProgressLine.begin(terminal, Duration.ofMillis(1))) {
      steps.accept("Reading " + HOSTILE);
      for (int i = 0; i < 500 && bytes.size() == 0; i++) {
        Thread.sleep(10);
      }
    }
    assertHarmless(said());
  }

  @Test
  void theTerminationLog() throws IOException {
    Path file = directory.resolve("log");
    new TerminationLog(Optional.of(file)).write(HOSTILE, terminal);
    assertHarmless(Files.readString(file));
  }

  @Test
  void theTerminationLogIsWrittenThroughNoLink() throws IOException {
    Path file = Files.writeString(directory.resolve("other"), "kept");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    new TerminationLog(Optional.of(link)).write("verdict", terminal);
    assertThat(Files.readString(file)).isEqualTo("kept");
    assertThat(said()).contains("cannot be written: it is a symbolic link");
  }

  @Test
  void wrongUsage() {
    for (String[] arguments :
        new String[][] {
          {HOSTILE},
          {"check", "--" + HOSTILE},
          {"check", "-o", HOSTILE},
          {"check", "--only", HOSTILE},
          {"wait", "--timeout", HOSTILE},
          {"wait", "--spiffe-id", HOSTILE},
          {"explain", HOSTILE},
          {"check", "--from", "a/\u001b[2J\u202ez"}
        }) {
      Main.run(terminal, arguments);
      assertHarmless(said());
    }
  }

  @Test
  void reports() {
    Report report = report();
    Style style = terminal.style();
    assertHarmless(TextReport.render(report, style));
    assertHarmless(JsonReport.render(report));
    assertHarmless(YamlReport.render(report));
    ClusterScene scene = ClusterScene.healthy().unreachable(HOSTILE);
    assertHarmless(ClusterEvidenceText.render(scene.evidence(), style));
    assertHarmless(TextReport.render(scene.report(), style));
    assertHarmless(YamlReport.render(scene.report()));
  }

  /** What is shown in the place of a name would be another name. */
  @Test
  void aCommandWithSuchANameIsNotShown() {
    String text = TextReport.render(report(), terminal.style());
    assertThat(text).contains("Command it (it is not shown").doesNotContain("kubectl delete");
    assertThat(JsonReport.render(report())).doesNotContain("kubectl delete").contains("advice");
  }

  private static Report report() {
    Finding finding =
        new Finding(
            "entry-missing",
            Finding.Severity.ERROR,
            new Subject("Pod", Optional.of(HOSTILE), HOSTILE),
            HOSTILE,
            Finding.Confidence.CERTAIN,
            List.of(new Finding.Quote(HOSTILE, HOSTILE)),
            List.of(
                new Remedy.Command("Command it", "kubectl delete pod '" + HOSTILE + "'"),
                new Remedy.Patch("Patch it", "spec:\n  name: " + HOSTILE + "\n"),
                new Remedy.Advice(HOSTILE)),
            Scope.CLUSTER,
            List.of(
                new Finding.Managed(
                    new Subject("DaemonSet", Optional.of(HOSTILE), HOSTILE),
                    new Manager(Manager.Tool.HELM, "Release", HOSTILE, HOSTILE),
                    Optional.of("spire-agent.tolerations"))),
            Optional.empty());
    return new Report(
        Report.Verdict.PROBLEMS,
        List.of(),
        List.of(new Report.Ranked(finding, Optional.empty(), List.of())),
        List.of(new Report.Undetermined("entry-missing", HOSTILE)),
        new Report.Checked(
            1, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Duration.ZERO));
  }

  @Test
  void junit() {
    TestResults.Test test =
        new TestResults.Test(
            HOSTILE, TestResults.Status.FAILED, Duration.ZERO, List.of("x", HOSTILE));
    String xml =
        JUnitXml.broken(
            HOSTILE,
            Instant.EPOCH,
            new TestResults(List.of(test), List.of(HOSTILE), HOSTILE),
            HOSTILE,
            HOSTILE);
    assertHarmless(xml);
  }
}
