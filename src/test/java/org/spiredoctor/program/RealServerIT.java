package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.program.Program.Run;

/** The program asks a real SPIRE server over its API, and there is no cluster. */
class RealServerIT extends RealServerTestSupport {
  private static final String ADMIN = "spiffe://example.org/admin";

  private static void allIsTold(Run run) {
    assertThat(run.out())
        .contains("✓ server ")
        .contains("✓ attested one agent")
        .contains("example.org, number ")
        .contains("other.org from https://other.org/bundle as spiffe://other.org/bundle")
        // Nobody saw a pod: this is not healthy.
        .contains("- pods     not seen")
        .contains("Not everything could be told");
    assertThat(run.code()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void onItsSocket(Program program) {
    Run run = check(program, "--server-socket", spire.serverSocket(), "-v");
    allIsTold(run);
    assertThat(run.out())
        .contains("by its socket " + spire.serverSocket())
        .contains("SERVING")
        .contains("as spiffe://example.org/spire/server, its SVID expires at ");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void overTheNetworkAsAnAdministratorWhoseSvidIsInFiles(Program program) {
    String _ = spire.server("x509", "mint", "-spiffeID", ADMIN, "-write", directory.toString());
    // SPIRE takes for an administrator whoever an entry says is one, whatever minted its SVID.
    String id = administrator();
    try {
      Run run =
          check(
              program,
              "--server-address",
              spire.serverAddress(),
              "--svid",
              directory.resolve("svid.pem").toString(),
              "--svid-key",
              directory.resolve("key.pem").toString(),
              "--bundle",
              directory.resolve("bundle.pem").toString(),
              "-v");
      allIsTold(run);
      assertThat(run.out()).contains("by " + spire.serverAddress() + " as " + ADMIN);
    } finally {
      String _ = spire.server("entry", "delete", "-entryID", id);
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void overTheNetworkAsWhoeverTheAgentSays(Program program) {
    waitFor(program, WEB);
    // Of an entry that is gone the agent serves the SVID for some seconds more.
    Until.holds(
        () ->
            check(program, "--server-address", spire.serverAddress())
                .out()
                .contains(WEB + " is no administrator there"),
        Duration.ofSeconds(60));
    Run refused = check(program, "--server-address", spire.serverAddress());
    assertThat(refused.out())
        .contains("PermissionDenied: authorization denied for method")
        .contains(WEB + " is no administrator there")
        .contains("an entry with -admin makes it");
    assertThat(refused.code()).isEqualTo(3);

    String id = administrator();
    try {
      waitFor(program, ADMIN);
      // The agent gives two identities now; the one that may ask is found.
      Run run = check(program, "--server-address", spire.serverAddress(), "-v");
      allIsTold(run);
      assertThat(run.out()).contains("by " + spire.serverAddress() + " as " + ADMIN);
    } finally {
      String _ = spire.server("entry", "delete", "-entryID", id);
    }
  }

  /** Makes an administrator's entry; its id. */
  private static String administrator() {
    spire.entry(ADMIN, "-admin");
    return spire
        .server("entry", "show", "-spiffeID", ADMIN)
        .lines()
        .filter(line -> line.startsWith("Entry ID"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  private static void waitFor(Program program, String id) {
    Run run =
        program
            .start(
                Map.of("SPIFFE_ENDPOINT_SOCKET", "unix://" + spire.socket()),
                "wait",
                "--for",
                "identity=" + id)
            .end();
    assertThat(run.code()).as("%s", run).isZero();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theServerOfAnotherTrustDomainIsRefused(Program program) {
    waitFor(program, WEB);
    Run run =
        check(program, "--server-address", spire.serverAddress(), "--trust-domain", "other.org");
    assertThat(run.out())
        .contains("✗ server-unreachable")
        .contains("spiffe://other.org/spire/server")
        .doesNotContain("✓ server");
    assertThat(run.code()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aServerThatSaysNothingIsLeftInTime(Program program) throws IOException {
    waitFor(program, WEB);
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      long began = System.nanoTime();
      Run run = check(program, "--server-address", "127.0.0.1:" + silent.getLocalPort());
      assertThat(run.out()).contains("✗ server-unreachable");
      assertThat(run.code()).isEqualTo(1);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void whatWasSeenCanBeKeptAndCheckedElsewhere(Program program) {
    String file = directory.resolve("evidence-" + program + ".json.gz").toString();
    Run kept = program.run("bundle", file, "--server-socket", spire.serverSocket());
    assertThat(kept.code()).as("%s", kept).isZero();
    Run run = program.run("check", "--from", file, "-v");
    allIsTold(run);
  }
}
