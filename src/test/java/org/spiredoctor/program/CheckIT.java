package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.program.Program.Run;
import org.spiredoctor.simulator.Fault;
import org.spiredoctor.simulator.SimulatedAgent;

/** {@code check} against a simulated agent with each of its faults. */
class CheckIT {
  @TempDir private Path directory;

  static List<Program> programs() {
    return Program.all();
  }

  private Run check(Program program, Fault fault, String... more) {
    return check(program, fault, Duration.ofSeconds(6), more);
  }

  private Run check(Program program, Fault fault, Duration delay, String... more) {
    try (SimulatedAgent agent = SimulatedAgent.start(directory.resolve("api.sock"), fault, delay)) {
      return program.run(
          Stream.concat(Stream.of("check", "--socket", agent.socket().toString()), Stream.of(more))
              .toArray(String[]::new));
    }
  }

  static Stream<Arguments> faults() {
    return programs().stream()
        .flatMap(
            program ->
                Stream.of(
                        Map.entry(Fault.NO_IDENTITY, "identity-not-issued"),
                        Map.entry(Fault.ATTESTATION_FAILED, "attestation-failed"),
                        Map.entry(Fault.RATE_LIMITED, "workload-api-rate-limited"),
                        Map.entry(Fault.HEADER_MISSING, "security-header-missing"),
                        Map.entry(Fault.CALLER_CHANGED, "caller-hidden-by-sandbox"),
                        Map.entry(Fault.DUPLICATE_CONTAINER, "kubelet-duplicate-container"),
                        Map.entry(Fault.INTERNAL, "workload-api-failed"),
                        Map.entry(Fault.ENDS_EARLY, "workload-api-failed"),
                        Map.entry(Fault.RESET, "workload-api-failed"),
                        Map.entry(Fault.UNIMPLEMENTED, "socket-wrong-api"),
                        Map.entry(Fault.GARBAGE, "socket-wrong-api"),
                        Map.entry(Fault.HANG_UP, "agent-without-host-pid"),
                        Map.entry(Fault.SILENT, "workload-api-unresponsive"),
                        Map.entry(Fault.NO_ANSWER, "attestation-container-not-ready"),
                        Map.entry(Fault.EXPIRED, "svid-expired"),
                        Map.entry(Fault.FUTURE, "clock-skew"),
                        Map.entry(Fault.UNTRUSTED, "svid-invalid"),
                        Map.entry(Fault.KEY_MISMATCH, "svid-invalid"),
                        Map.entry(Fault.MALFORMED, "svid-invalid"),
                        Map.entry(Fault.HUGE_BUNDLE, "bundle-too-large"),
                        Map.entry(Fault.FOREIGN, "trust-domain-mismatch"),
                        Map.entry(Fault.WRONG_AUDIENCE, "jwt-audience-missing"))
                    .map(f -> Arguments.of(program, f.getKey(), f.getValue())));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void itNamesTheFaultAndNothingElse(Program program, Fault fault, String finding)
      throws IOException {
    Run run =
        check(
            program,
            fault,
            "--timeout",
            "2s",
            "--trust-domain",
            "example.org",
            "--audience",
            "api",
            "-o",
            "json");
    assertThat(run.code()).as("%s", run).isEqualTo(1);
    assertThat(errors(run.out())).isEmpty();
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.at("/verdict").textValue()).isEqualTo("problems");
    assertThat(report.at("/findings").findValuesAsText("id")).containsExactly(finding);
  }

  private static List<?> errors(String report) throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(Path.of("docs/report.schema.json")), InputFormat.JSON);
    return schema.validate(report, InputFormat.JSON);
  }

  /** A job of a CI may run in a pod of one cluster, and mean another. */
  @ParameterizedTest
  @MethodSource("programs")
  void aKubeconfigMeansAClusterInPodsToo(Program program) throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("config"),
            """
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
            contexts: [{name: x, context: {cluster: c}}]
            current-context: x
            """);
    Map<String, String> pod =
        Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1", "KUBECONFIG", config.toString());
    Run run = program.start(pod, "check").end();
    assertThat(run.out()).as("%s", run).contains("cluster-unreachable");
  }

  /** Whoever set it meant a cluster, and not the socket that lies here too. */
  @ParameterizedTest
  @MethodSource("programs")
  void aKubeconfigThatIsNotThereIsComplainedOf(Program program) {
    Path none = directory.resolve("none");
    Run run = program.start(Map.of("KUBECONFIG", none.toString()), "check").end();
    assertThat(run.out()).as("%s", run).contains("cluster-unreachable", none.toString());
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aHealthyAgentIsHealthyOutLoud(Program program) throws IOException {
    Run run = check(program, Fault.NONE, "--audience", "api");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("✓ identity spiffe://example.org/integration-test")
        .contains("✓ No problems found");
    Run json = check(program, Fault.NONE, "-o", "json");
    assertThat(json.code()).isZero();
    assertThat(errors(json.out())).isEmpty();
    assertThat(json.out()).contains("\"verdict\" : \"healthy\"");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aWarningCountsOnlyWhenStrict(Program program) {
    Run run = check(program, Fault.AMBIGUOUS);
    assertThat(run.out()).contains("! identity-ambiguous");
    assertThat(run.code()).isZero();
    assertThat(check(program, Fault.AMBIGUOUS, "--strict").code()).isEqualTo(1);
    assertThat(check(program, Fault.AMBIGUOUS, "--strict", "--skip", "identity-ambiguous").code())
        .isZero();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aSlowAnswerIsAWarning(Program program) {
    Run run = check(program, Fault.SLOW);
    assertThat(run.out()).contains("! client-deadline-too-short");
    assertThat(run.err()).contains("FetchX509SVID is not answered yet");
    assertThat(run.code()).isZero();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void hostileTextDoesNotReachTheTerminal(Program program) {
    for (String format : List.of("text", "json")) {
      Run run = check(program, Fault.HOSTILE_TEXT, "-v", "-o", format);
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.out().codePoints().filter(c -> c != '\n').filter(Character::isISOControl))
          .isEmpty();
      assertThat(run.out()).doesNotContain("\u202e").contains("evil");
      assertThat(run.out().lines()).noneMatch(line -> line.startsWith("FAKE"));
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void withoutAUnicodeLocaleItIsPlainAscii(Program program) {
    try (SimulatedAgent agent =
        SimulatedAgent.start(directory.resolve("api.sock"), Fault.NO_IDENTITY)) {
      for (Map<String, String> environment :
          List.of(Map.of("LC_ALL", "C"), Map.of("NO_COLOR", "1"))) {
        Run run = program.start(environment, "check", "--socket", agent.socket().toString()).end();
        assertThat(run.out().chars()).allMatch(c -> c < 128);
        assertThat(run.out()).contains("x identity-not-issued");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aTcpEndpoint(Program program) throws Exception {
    InetSocketAddress address;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
    }
    String text = "tcp://127.0.0.1:" + address.getPort();
    Run refused = program.run("check", "--socket", text);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.out()).contains("✗ socket-unreachable");
    try (AutoCloseable _ = SimulatedAgent.startTcp(address)) {
      assertThat(program.run("check", "--socket", text).code()).isZero();
      assertThat(program.run("wait", "--socket", text).code()).isZero();
    }
  }

  /** What was not looked at by then is unknown: neither healthy nor broken. */
  @ParameterizedTest
  @MethodSource("programs")
  void whoStopsItIsToldWhatIsKnown(Program program) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Path kubeconfig =
          Files.writeString(
              directory.resolve("kubeconfig"),
              """
              clusters: [{name: it, cluster: {server: "http://127.0.0.1:%d"}}]
              users: [{name: it, user: {}}]
              contexts: [{name: it, context: {cluster: it, user: it}}]
              current-context: it
              """
                  .formatted(silent.getLocalPort()));
      try (Program.Started check =
          program.start(Map.of("KUBECONFIG", kubeconfig.toString()), "check", "-A")) {
        Run run = check.said("Listing pods").terminate().end();
        assertThat(run.code()).isEqualTo(143);
        assertThat(run.out())
            .contains("- cluster  http://127.0.0.1:" + silent.getLocalPort() + "/: interrupted")
            .contains("? Not everything could be told")
            .doesNotContain("✗")
            .doesNotContain("✓");
      }
    }
  }

  /** Until the next examination there is nothing to wait for. */
  @ParameterizedTest
  @MethodSource("programs")
  void whoStopsItBetweenTwoExaminationsIsToldTheLast(Program program) {
    String bundle = "src/test/resources/bundles/seed-alias-missing.json.gz";
    try (Program.Started check =
        program.start(Map.of(), "check", "--from", bundle, "--wait", "1h")) {
      Run run = check.said("Not healthy yet").terminate().end();
      assertThat(run.code()).isEqualTo(143);
      assertThat(run.out()).contains("✗ entry-parent-alias-missing");
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void withoutRightsItNamesTheDirectoryThatIsClosed(Program program) throws IOException {
    Assume.that("root".equals(System.getProperty("user.name")), "a user without rights", "root");
    Path closed = Files.createDirectory(directory.resolve("closed"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-x---"));
    List<String> words = new ArrayList<>();
    words.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    // The coverage agent writes where that user may not.
    program.command().stream().filter(w -> !w.startsWith("-javaagent")).forEach(words::add);
    Program unprivileged = new Program("unprivileged", words);
    Assume.that(
        unprivileged.run("--version").code() == 0,
        "a user without rights",
        "a checkout that others may read");
    try (SimulatedAgent agent = SimulatedAgent.start(closed.resolve("api.sock"), Fault.NONE)) {
      Run run = unprivileged.run("check", "--socket", agent.socket().toString());
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.out())
          .contains("✗ socket-permission-denied")
          .contains("drwxr-x--- 0:0 ")
          .contains("runs as uid 65534");
      Run wait = unprivileged.run("wait", "--timeout", "1s", "--socket", agent.socket().toString());
      assertThat(wait.code()).isEqualTo(1);
      assertThat(wait.err()).contains("✗ socket-permission-denied");
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void linesOfTextFitATerminal(Program program) {
    Run run = check(program, Fault.NO_IDENTITY);
    assertThat(run.out().lines().filter(line -> !line.contains("kubectl")))
        .allMatch(line -> line.length() <= 80);
  }
}
