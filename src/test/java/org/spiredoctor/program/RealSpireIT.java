package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.program.Program.Run;
import org.spiredoctor.program.Program.Started;

/** The program against a real SPIRE server and agent. */
class RealSpireIT {
  private static final String ID = "spiffe://example.org/integration-test";

  @TempDir private Path directory;
  private RealSpire spire;

  static List<Program> programs() {
    return Program.all();
  }

  @BeforeAll
  static void installed() {
    Assume.that(
        RealSpire.installed(), "tests against a real SPIRE", "spire-server, spire-agent on PATH");
  }

  @BeforeEach
  void start() throws IOException {
    spire = RealSpire.start(directory);
  }

  @AfterEach
  void stop() {
    if (spire != null) {
      spire.close();
    }
  }

  private Started start(Program program, String... arguments) {
    return program.start(Map.of("SPIFFE_ENDPOINT_SOCKET", "unix://" + spire.socket()), arguments);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theEntryIsMissingAndThenAdded(Program program) {
    Run before = start(program, "check").end();
    assertThat(before.code()).isEqualTo(1);
    assertThat(before.out())
        .contains("✓ agent")
        .contains("✗ identity-not-issued")
        .contains("PermissionDenied: no identity issued");
    assertThat(start(program, "wait").end().code()).isZero();

    try (Started wait =
        start(program, "wait", "--for", "identity=" + ID).printed("no identity issued")) {
      spire.entry(ID);
      Run run = wait.end();
      assertThat(run.code()).as("%s", run).isZero();
      assertThat(run.out()).contains("✅ Identity issued: " + ID);
    }

    Run after = start(program, "check", "--spiffe-id", ID, "--audience", "api").end();
    assertThat(after.out()).contains("✓ identity " + ID).contains("✓ No problems found");
    assertThat(after.code()).isZero();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theAgentIsKilledAndRestartedWhileWaiting(Program program) throws IOException {
    try (Started wait =
        start(program, "wait", "--for", "identity=" + ID).printed("no identity issued")) {
      spire.killAgent();
      wait.printed("Connection refused");
      Run stale = start(program, "check").end();
      assertThat(stale.code()).isEqualTo(1);
      assertThat(stale.out()).contains("✗ socket-stale");
      spire.entry(ID);
      spire.startAgent();
      Run run = wait.end();
      assertThat(run.code()).as("%s", run).isZero();
      assertThat(run.out()).contains("✅ Identity issued: " + ID);
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theAgentIsBanned(Program program) {
    spire.banAgent();
    Run check = start(program, "check").end();
    assertThat(check.code()).isEqualTo(1);
    assertThat(check.out()).contains("✗ socket-directory-empty");
    Run wait = start(program, "wait", "--timeout", "2s").end();
    assertThat(wait.code()).isEqualTo(1);
    assertThat(wait.err()).startsWith("ERROR: Socket not found after 2s");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theServersSocketIsNotTheAgents(Program program) {
    Run check = program.run("check", "--socket", spire.serverSocket());
    assertThat(check.code()).isEqualTo(1);
    assertThat(check.out()).contains("✗ socket-wrong-api").contains("unknown service");
  }
}
