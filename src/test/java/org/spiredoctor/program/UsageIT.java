package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.program.Program.Run;
import org.spiredoctor.simulator.Fault;
import org.spiredoctor.simulator.SimulatedAgent;

/** How the program takes good and bad command lines. */
class UsageIT {
  @TempDir private Path directory;

  static List<Program> programs() {
    return Program.all();
  }

  static Stream<Arguments> mistakes() {
    return programs().stream()
        .flatMap(
            program ->
                Stream.of(
                        mistake("Did you mean: --socket?", "check", "--sokcet=/x"),
                        mistake("Unmatched argument", "chekc"),
                        mistake("'soon' is not a duration", "wait", "--timeout", "soon"),
                        mistake("'-5s' is not a duration", "wait", "--timeout=-5s"),
                        mistake("must be more than nothing", "wait", "--interval", "0s"),
                        mistake("nothing to wait for", "wait", "--for", "ever"),
                        mistake("is not a SPIFFE ID", "wait", "--for", "identity=web"),
                        mistake("it has no scheme", "wait", "--socket", "run/api.sock"),
                        mistake("two slashes", "check", "--socket", "unix://run/api.sock"),
                        mistake("108 bytes", "check", "--socket", "/" + "x".repeat(107)),
                        mistake(
                            "contradicts",
                            "wait",
                            "--for",
                            "identity=spiffe://a.test/x",
                            "--trust-domain",
                            "b.test"),
                        mistake(
                            "makes no sense",
                            "wait",
                            "--for",
                            "socket",
                            "--socket",
                            "tcp://127.0.0.1:1"),
                        mistake(
                            "--only and --skip both name",
                            "check",
                            "--only",
                            "socket-stale",
                            "--skip",
                            "socket-stale"),
                        mistake("the nearest is socket-stale", "check", "--only", "socket-stall"),
                        mistake("the nearest is socket-stale", "explain", "sockt-stale"),
                        mistake("Invalid value", "check", "-o", "xml"),
                        mistake("cannot both be given", "check", "web-0", "-l", "app=web"),
                        mistake("cannot both be given", "check", "-A", "-n", "apps"),
                        mistake("contradicts apps/web-0", "check", "apps/web-0", "-n", "other"),
                        mistake("is not of the form", "check", "-l", "app in (a)"),
                        mistake("no such file", "check", "--from", "/nonexistent.json.gz"),
                        mistake("do not go with it", "check", "--from", "x", "--context", "y"),
                        mistake("does not go with --from", "check", "--fix", "--from", "x"),
                        mistake(
                            "do not go with it", "check", "--from", "x", "--server-socket", "/y"),
                        mistake("is not HOST:PORT", "check", "--server-address", "spire"),
                        mistake("is not HOST:PORT", "check", "--server-address", "::1:8081"),
                        mistake("'http' is no port", "check", "--server-address", "spire:http"),
                        mistake("need --server-address", "check", "--svid", "svid.pem"),
                        mistake(
                            "--svid-key is missing",
                            "check",
                            "--server-address",
                            "spire:8081",
                            "--svid",
                            "/dev/null"),
                        mistake(
                            "--bundle /nonexistent cannot be read",
                            "check",
                            "--server-address",
                            "spire:8081",
                            "--svid",
                            "/dev/null",
                            "--svid-key",
                            "/dev/null",
                            "--bundle",
                            "/nonexistent"),
                        mistake(
                            "needs no SVID",
                            "check",
                            "--server-socket",
                            "/s",
                            "--server-address",
                            "spire:8081"),
                        mistake("is no path", "check", "--server-socket", "tcp://127.0.0.1:1"),
                        mistake("goes with --dry-run", "register", "--detailed-exitcode"),
                        mistake(
                            "do not go with --dry-run", "register", "--dry-run", "--wait", "1s"),
                        mistake("no such file", "register", "-f", "/nonexistent.yaml"),
                        mistake("do not go with --file", "register", "-f", "x", "-n", "apps"),
                        mistake("can be given once", "register", "-f", "-", "-f", "-"),
                        mistake("is not a name", "register", "--owner", "a/b"),
                        mistake("which BINARY, or --package", "run"),
                        mistake("no such file", "run", "/nonexistent"),
                        mistake("is a directory", "run", "/"),
                        mistake("is not an ELF executable", "run", "/etc/passwd"),
                        mistake("stand behind --: x", "run", "/nonexistent", "x"),
                        mistake("stand behind --: x", "run", "--package", ".", "x"),
                        mistake("--junit /none/x cannot be written", "run", "a", "--junit=/none/x"),
                        mistake("tests stand behind --.", "run", "/nonexistent", "-test.v"),
                        mistake("--wait-for: 'ever'", "run", "--package=.", "--wait-for=ever"),
                        mistake("more time than nothing", "run", "--package=.", "--timeout=0s"),
                        mistake("cannot be read: no such", "run", "--package=.", "--overrides=/no"),
                        mistake("must say what will come", "receive", "f"),
                        mistake("64 hex digits", "receive", "f", "--length", "1", "--sha256", "ab"),
                        mistake("do not go with it", "receive", "f", "--await", "--length", "1"),
                        mistake("Missing required parameter", "receive"),
                        mistake("Missing required parameter", "bundle"),
                        mistake("Missing required subcommand"))
                    .map(m -> Arguments.of(program, m.get(0), m.subList(1, m.size()))));
  }

  private static List<String> mistake(String message, String... arguments) {
    return Stream.concat(Stream.of(message), Stream.of(arguments)).toList();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsExplained(Program program, String message, List<String> arguments) {
    Run run = program.run(arguments.toArray(String[]::new));
    assertThat(run.err()).contains(message).doesNotContain("\tat ").contains("--help");
    assertThat(run.out()).isEmpty();
    assertThat(run.code()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void allThatIsWrongWithDeclarationsIsToldAtOnce(Program program) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("web.yaml"),
            """
            apiVersion: spiredoctor.org/v1
            kind: Registrations
            entries:
              - spifeID: spiffe://example.org/web
                selectors: [k8s]
            """);
    Run run = program.run("register", "-f", file.toString());
    assertThat(run.err())
        .contains("web.yaml:4: entries[0]", "did you mean 'spiffeID'?")
        .contains("web.yaml:5: entries[0].selectors[0]", "nothing was changed");
    assertThat(run.out()).isEmpty();
    assertThat(run.code()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void helpFitsATerminal(Program program) {
    for (String command :
        List.of("", "wait", "check", "register", "run", "receive", "bundle", "explain")) {
      Run run = command.isEmpty() ? program.run("--help") : program.run(command, "--help");
      assertThat(run.code()).isZero();
      assertThat(run.err()).isEmpty();
      assertThat(run.out().lines()).isNotEmpty().allMatch(line -> line.length() <= 80);
    }
    assertThat(program.run("--version").out()).startsWith("spire-doctor ");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aClusterThatCannotBeReachedIsAFinding(Program program) {
    for (String kubeconfig : List.of("/nonexistent", "/dev/null")) {
      Run run = program.run("check", "-A", "--kubeconfig", kubeconfig);
      assertThat(run.out()).contains("cluster-unreachable").doesNotContain("\tat ");
      assertThat(run.code()).isEqualTo(1);
    }
    String file = Path.of(System.getProperty("java.io.tmpdir"), "never-written").toString();
    Run bundle = program.run("bundle", "--kubeconfig", "/nonexistent", file);
    assertThat(bundle.err()).contains("not reached");
    assertThat(bundle.code()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void everyFindingIsListedAndExplained(Program program) {
    List<String> ids =
        program.run("check", "--list").out().lines().filter(l -> !l.startsWith(" ")).toList();
    assertThat(ids).hasSizeGreaterThan(30).contains("identity-not-issued");
    assertThat(program.run("explain").out().lines().filter(l -> !l.startsWith(" ")))
        .containsExactlyElementsOf(ids);
    assertThat(program.run("explain", "identity-not-issued").out())
        .startsWith("# identity-not-issued");
    assertThat(program.run("check", "--list", "--only", "socket-stale").out().lines())
        .first()
        .isEqualTo("socket-stale");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aClosedOutputIsSaid(Program program) {
    Run run = program.shell("$0 --version >&-");
    assertThat(run.err()).contains("standard output cannot be written to");
    assertThat(run.code()).isEqualTo(2);
    Run full = program.shell("$0 explain >/dev/full");
    assertThat(full.err()).contains("standard output cannot be written to");
    assertThat(full.code()).isEqualTo(2);
  }

  /** As {@code head} does. */
  @ParameterizedTest
  @MethodSource("programs")
  void aReaderThatGoesIsNoError(Program program) {
    Run run = program.shell("for i in 1 2 3; do $0 explain; done | head -n 1");
    assertThat(run.out().lines()).hasSize(1);
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aClosedOutputDoesNotChangeWhatWaitFound(Program program) {
    try (SimulatedAgent agent = SimulatedAgent.start(directory.resolve("api.sock"), Fault.NONE)) {
      Run run = program.shell("$0 wait --socket " + agent.socket() + " >&-");
      assertThat(run.err()).contains("standard output cannot be written to");
      assertThat(run.code()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theTerminationLogGetsTheVerdict(Program program) throws IOException {
    Path log = directory.resolve("termination-log");
    String none = directory.resolve("none.sock").toString();
    Run run = program.run("check", "--socket", none, "--termination-log", log.toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(Files.readString(log)).contains("socket-directory-empty: ");

    Run unwritable = program.run("check", "--socket", none, "--termination-log", "/proc/none/log");
    assertThat(unwritable.code()).isEqualTo(1);
    assertThat(unwritable.err()).contains("the termination log /proc/none/log cannot be written");
  }
}
