package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.program.Program.Run;
import org.spiredoctor.program.Program.Started;
import org.spiredoctor.simulator.Fault;
import org.spiredoctor.simulator.SimulatedAgent;

/** {@code wait} against what an agent may do to it. */
class WaitIT {
  @TempDir private Path directory;

  static List<Program> programs() {
    return Program.all();
  }

  private Started waiting(Program program, String... more) {
    List<String> arguments =
        Stream.concat(
                Stream.of("wait", "--socket", socket().toString(), "--interval", "500ms"),
                Stream.of(more))
            .toList();
    return program.start(Map.of(), arguments.toArray(String[]::new));
  }

  private Path socket() {
    return directory.resolve("api.sock");
  }

  private static void ready(Run run) {
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.out()).contains("✅");
    assertThat(run.err()).isEmpty();
  }

  private static void notReady(Run run, String finding) {
    assertThat(run.code()).as("%s", run).isEqualTo(1);
    assertThat(run.err()).startsWith("ERROR: ").contains("✗ " + finding).doesNotContain("\tat ");
    assertThat(run.err().lines().filter(line -> line.startsWith("✗ "))).hasSize(1);
  }

  /** In the 48 MiB of the example's init container, of which the heap is the smaller part. */
  @ParameterizedTest
  @MethodSource("programs")
  void anAnswerOfAnySizeNeedsLittleMemory(Program program) {
    Program small = program.withHeap("24m");
    try (SimulatedAgent _ = SimulatedAgent.start(socket(), Fault.ENORMOUS_BUNDLE);
        Started wait = waiting(small, "--timeout", "20s")) {
      ready(wait.end());
    }
    try (SimulatedAgent _ = SimulatedAgent.start(socket(), Fault.ENORMOUS_BUNDLE);
        Started wait = waiting(small, "--for", "identity", "--timeout", "5s")) {
      notReady(wait.end(), "bundle-too-large");
    }
  }

  static Stream<Arguments> bundles() {
    return programs().stream()
        .flatMap(
            program ->
                Stream.of(100_000, 1_000_000, 4_000_000, 7_900_000)
                    .map(bytes -> Arguments.of(program, bytes)));
  }

  /**
   * Other clients give up at 4 MiB. The authorities, thousands of them, are all different. 38 MiB
   * is the largest heap that the binary takes in a container of 48 MiB.
   */
  @ParameterizedTest
  @MethodSource("bundles")
  void aBundleOfAnySizeNeedsLittleMemory(Program program, int bytes) {
    Program small = program.withHeap("38m");
    try (SimulatedAgent _ = SimulatedAgent.startWithBundle(socket(), bytes);
        Started wait = waiting(small, "--for", "identity", "--timeout", "50s")) {
      Run run = wait.end();
      assertThat(run.code()).as("%s", run).isZero();
      assertThat(run.out()).contains("✅ Identity issued: spiffe://example.org/integration-test");
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theSocketAppearsLater(Program program) {
    try (Started wait = waiting(program).printed("Socket not found yet (waited 0s)")) {
      try (SimulatedAgent agent = SimulatedAgent.start(socket(), Fault.NONE)) {
        Run run = wait.end();
        ready(run);
        assertThat(run.out())
            .contains("✅ Socket found: " + agent.socket())
            .endsWith("✅ Ready for workload attestation\n");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theDirectoryAppearsLater(Program program) throws IOException {
    Path deep = directory.resolve("a/b/api.sock");
    try (Started wait = program.start(Map.of(), "wait", "--socket", deep.toString())) {
      wait.printed("Socket not found yet");
      Files.createDirectories(deep.getParent());
      try (SimulatedAgent _ = SimulatedAgent.start(deep, Fault.NO_IDENTITY)) {
        ready(wait.end());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aStaleSocketIsReplacedByANewAgent(Program program) {
    SimulatedAgent.start(socket(), Fault.SILENT).close();
    try (Started wait = waiting(program).printed("Connection refused")) {
      try (SimulatedAgent _ = SimulatedAgent.start(socket(), Fault.NONE)) {
        ready(wait.end());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aHangingAgentIsReplacedByANewOne(Program program) {
    try (SimulatedAgent _ = SimulatedAgent.start(socket(), Fault.SILENT);
        Started wait = waiting(program).printed("Socket found, agent not ready yet");
        SimulatedAgent _ = SimulatedAgent.start(socket(), Fault.NONE)) {
      ready(wait.end());
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theAgentRestartsInTheMiddle(Program program) {
    SimulatedAgent first = SimulatedAgent.start(socket(), Fault.NO_IDENTITY);
    try (Started wait = waiting(program, "--for", "identity").printed("no identity issued")) {
      first.shutDown();
      wait.printed("Socket not found yet");
      try (SimulatedAgent _ = SimulatedAgent.start(socket(), Fault.NONE)) {
        assertThat(wait.end().code()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void anIdentityThatComesLateIsSaidToHaveComeLate(Program program) {
    try (SimulatedAgent _ =
            SimulatedAgent.start(socket(), Fault.LATE_IDENTITY, Duration.ofSeconds(4));
        Started wait = waiting(program, "--for", "identity")) {
      Run run = wait.end();
      assertThat(run.code()).isZero();
      assertThat(run.out()).contains("✅ Identity issued: spiffe://example.org/integration-test");
      assertThat(run.err()).contains("entry-not-propagated-yet");
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aFreshSvidOnTheSameStreamIsEnough(Program program) {
    try (SimulatedAgent _ = SimulatedAgent.start(socket(), Fault.RENEWED, Duration.ofSeconds(3));
        Started wait = waiting(program, "--for", "identity")) {
      wait.printed("Agent found, no valid identity yet");
      Run run = wait.end();
      assertThat(run.code()).as("%s", run).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void hostileTextDoesNotReachTheLog(Program program) {
    try (SimulatedAgent _ = SimulatedAgent.start(socket(), Fault.HOSTILE_TEXT);
        Started wait = waiting(program, "--timeout", "2s")) {
      Run run = wait.end();
      String all = run.out() + run.err();
      assertThat(all).contains("evil").doesNotContain("\u202e");
      assertThat(all.codePoints().filter(c -> c != '\n').filter(Character::isISOControl)).isEmpty();
    }
  }

  static Stream<Arguments> faults() {
    return programs().stream()
        .flatMap(
            program ->
                Stream.of(
                    Arguments.of(program, Fault.SILENT, "serving", "workload-api-unresponsive"),
                    Arguments.of(program, Fault.GARBAGE, "serving", "socket-wrong-api"),
                    Arguments.of(program, Fault.UNIMPLEMENTED, "serving", "socket-wrong-api"),
                    Arguments.of(program, Fault.HANG_UP, "serving", "agent-without-host-pid"),
                    Arguments.of(
                        program, Fault.HEADER_MISSING, "serving", "security-header-missing"),
                    Arguments.of(program, Fault.RESET, "serving", "socket-directory-empty"),
                    Arguments.of(program, Fault.NO_IDENTITY, "identity", "identity-not-issued"),
                    Arguments.of(
                        program, Fault.ATTESTATION_FAILED, "identity", "attestation-failed"),
                    Arguments.of(
                        program, Fault.NO_ANSWER, "identity", "attestation-container-not-ready"),
                    Arguments.of(program, Fault.EXPIRED, "identity", "svid-expired"),
                    Arguments.of(program, Fault.FUTURE, "identity", "clock-skew"),
                    Arguments.of(program, Fault.KEY_MISMATCH, "identity", "svid-invalid"),
                    Arguments.of(program, Fault.UNTRUSTED, "identity", "svid-invalid"),
                    Arguments.of(
                        program,
                        Fault.NONE,
                        "identity=spiffe://example.org/other",
                        "identity-unexpected")));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whatStaysWrongIsNamed(Program program, Fault fault, String goal, String finding) {
    try (SimulatedAgent _ = SimulatedAgent.start(socket(), fault);
        Started wait = waiting(program, "--for", goal, "--timeout", "2s")) {
      notReady(wait.end(), finding);
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void whatWaitingCannotMendEndsItAtOnce(Program program) throws IOException {
    Files.createFile(socket());
    notReady(waiting(program).end(), "socket-not-a-socket");
    Files.delete(socket());
    Files.createDirectory(socket());
    notReady(waiting(program).end(), "socket-not-a-socket");
    Map<String, String> malformed = Map.of("SPIFFE_ENDPOINT_SOCKET", "/run/api.sock");
    notReady(program.start(malformed, "wait").end(), "socket-address-invalid");
    Map<String, String> pod = Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1");
    notReady(
        program.start(pod, "wait", "--socket", "/no-such-volume/api.sock").end(),
        "pod-socket-not-mounted");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void sigtermEndsItWithTheVerdict(Program program) {
    try (Started wait = waiting(program).printed("Socket not found yet")) {
      Run run = wait.terminate().end();
      assertThat(run.code()).isEqualTo(143);
      assertThat(run.err())
          .contains("ERROR: Stopped by a signal after ")
          .contains("socket-directory-empty");
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theOldScriptsVariablesStillWork(Program program) {
    try (SimulatedAgent _ = SimulatedAgent.start(socket(), Fault.NONE)) {
      Map<String, String> variables = Map.of("SOCKET_DIR", directory.toString());
      ready(program.start(variables, "wait", "--for", "socket", "--grace", "0s").end());
      Map<String, String> address = Map.of("SPIRE_AGENT_SOCKET", "unix://" + socket());
      ready(program.start(address, "wait").end());
    }
  }
}
