package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Kind;

/** The error that is quoted of a program that ended. */
class CrashReasonTest {
  private static final String TRACE =
      """
      main.main
      \t/workspace/cmd/main.go:474
      runtime.main
      \t/usr/local/go/src/runtime/proc.go:290
      """;
  private static final String USAGE =
      """
      Usage: spire-server [--version] [--help] <command> [<args>]

      Available commands are:
          agent         \s
          x509          \s
      """;

  private static String in(String log) {
    return CrashReason.in(Log.parse(log)).map(Log.Line::inShort).orElse("");
  }

  @Test
  void aStackTraceIsNoReason() {
    assertThat(
            in(
                "2026-01-02T03:04:05Z\tERROR\tsetup\tproblem running manager\t{\"error\": \"no"
                    + " matches for kind\"}\n"
                    + TRACE))
        .isEqualTo("setup: problem running manager: no matches for kind");
    assertThat(
            in(
                """
                level=info msg=Starting
                panic: runtime error: invalid memory address or nil pointer dereference
                [signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x48]

                goroutine 1 [running]:
                main.main()
                \t/app/main.go:12 +0x1d
                exit status 2
                """))
        .isEqualTo("panic: runtime error: invalid memory address or nil pointer dereference");
    assertThat(
            in(
                """
                Exception in thread "main" java.lang.IllegalStateException: no source
                \tat io.spiffe.Main.main(Main.java:7)
                """))
        .isEqualTo("Exception in thread \"main\" java.lang.IllegalStateException: no source");
  }

  @Test
  void usageIsNoReason() {
    assertThat(
            in(
                """
                flag provided but not defined: -bogus
                Usage of run:
                  -config string
                    \tPath to a SPIRE config file
                """))
        .isEqualTo("flag provided but not defined: -bogus");
    assertThat(in("Error: unknown flag: --bogus\nUsage:\n  app [flags]\n\nFlags:\n  -h, --help\n"))
        .isEqualTo("Error: unknown flag: --bogus");
  }

  @Test
  void theErrorOfEachFormatIsRead() {
    assertThat(in("E0102 03:04:05.678901       1 main.go:42] \"Cannot start\" err=\"no socket\"\n"))
        .isEqualTo("Cannot start: no socket");
    assertThat(in("F0102 03:04:05.678901       1 main.go:42] no kubeconfig\n"))
        .isEqualTo("no kubeconfig");
    assertThat(in("{\"level\":\"ERROR\",\"message\":\"Cannot start\",\"err\":\"no socket\"}\n"))
        .isEqualTo("Cannot start: no socket");
    assertThat(in("time=2026-01-02T03:04:05Z level=ERROR msg=\"Cannot start\" err=\"no socket\"\n"))
        .isEqualTo("Cannot start: no socket");
  }

  @Test
  void whatIsSaidAfterTheErrorIsNoReason() {
    assertThat(in("level=error msg=\"Server crashed\" error=why\nstopped\nbye\n"))
        .isEqualTo("Server crashed: why");
    assertThat(in("could not open the file\nbye\n")).isEqualTo("could not open the file");
    assertThat(in("hello\nbye\n")).isEqualTo("bye");
    assertThat(in("level=info msg=hello\n")).isEmpty();
  }

  @Test
  void aServerWithoutSubcommandIsToldWhatIsMissing() {
    Finding found = first(ClusterScene.healthy().serverCrashes(USAGE));
    assertThat(found.id()).isEqualTo("server-not-ready");
    assertThat(found.summary())
        .endsWith("without a sub-command such as run, and printed its usage");
    assertThat(found.remedies().getFirst().summary())
        .startsWith("Make run the first argument of container spire-server");
  }

  @Test
  void aWrongFlagIsNoMatterOfTheConfigMap() {
    Finding found =
        first(
            ClusterScene.healthy()
                .serverCrashes(
                    "flag provided but not defined: -bogus\nUsage of run:\n  -config string\n"));
    assertThat(found.id()).isEqualTo("server-config-invalid");
    assertThat(found.evidence().toString()).contains("flag provided but not defined: -bogus");
    assertThat(found.remedies().getFirst().summary())
        .startsWith("Remove the flag that the log names from the arguments of container");
    assertThat(found.remedies()).hasSize(1);
  }

  @Test
  void theContainerThatCrashesIsNamedAndNotTheServerBesideIt() {
    ClusterScene scene =
        ClusterScene.healthy()
            .controllerManager("className: spire\n")
            .log(
                "spire-system",
                "spire-server-0",
                "spire-controller-manager",
                true,
                "2026-01-02T03:04:05Z\tERROR\tsetup\tunable to manage webhook\t{\"error\":"
                    + " \"forbidden by policy\"}\n"
                    + TRACE)
            .notReady("spire-server-0")
            .edit(
                Kind.POD,
                "spire-server-0",
                pod -> {
                  ArrayNode all = (ArrayNode) pod.at("/status/containerStatuses");
                  ((ObjectNode) all.get(0)).put("ready", true);
                  ObjectNode status = all.addObject();
                  status.put("name", "spire-controller-manager").put("restartCount", 5);
                  status.putObject("state").putObject("waiting").put("reason", "CrashLoopBackOff");
                  status.putObject("lastState").putObject("terminated").put("exitCode", 1);
                });
    Finding found =
        scene.report().findings().stream()
            .map(Report.Ranked::finding)
            .filter(one -> one.id().equals("server-not-ready"))
            .findFirst()
            .orElseThrow();
    assertThat(found.summary())
        .isEqualTo(
            "The SPIRE server spire-system/spire-server-0 runs, but its pod is not ready:"
                + " container spire-controller-manager crashes again and again: forbidden by"
                + " policy");
    assertThat(found.evidence())
        .extracting(Quote::text)
        .contains("setup: unable to manage webhook: forbidden by policy");
  }

  @Test
  void ofAWorkloadThePanicIsQuoted() {
    ClusterScene scene =
        ClusterScene.healthy()
            .notReady("web")
            .edit(
                Kind.POD,
                "web",
                pod ->
                    ((ObjectNode) pod.at("/status/containerStatuses/0"))
                        .putObject("lastState")
                        .putObject("terminated")
                        .put("exitCode", 2))
            .log("apps", "web", "app", true, "listening\npanic: out of cheese\n\n" + TRACE)
            .log("apps", "web", "app", false, "listening again\n");
    List<Quote> quotes = first(scene).evidence();
    assertThat(quotes).extracting(Quote::text).contains("panic: out of cheese");
    assertThat(quotes.toString()).doesNotContain("proc.go", "listening again");
  }

  private static Finding first(ClusterScene scene) {
    return scene.report().findings().getFirst().finding();
  }
}
