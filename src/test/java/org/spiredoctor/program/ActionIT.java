package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.program.Program.Run;

/** The action of this repository, on a release that the release workflow's own step has packed. */
class ActionIT {
  private static final String SICK = "--from src/test/resources/bundles/seed-alias-missing.json.gz";
  private static final String REPOSITORY = "https://example.org/spire-doctor/spire-doctor";

  @TempDir private Path directory;

  @BeforeEach
  void pack() throws IOException {
    Path dist = Files.createDirectories(release());
    Files.createSymbolicLink(directory.resolve("releases/source"), Path.of("").toAbsolutePath());
    Files.writeString(dist.resolve("spire-doctor"), binary());
    Files.writeString(dist.resolve("spire-doctor.cdx.json"), "{}");
    Files.writeString(dist.resolve("spire-doctor-image.tar"), "");
    JsonNode publish = yaml(".github/workflows/release.yml").at("/jobs/publish/steps");
    Run packed =
        script(
            step(publish, "Name, pack and checksum the files"),
            dist,
            Map.of(
                "GITHUB_REF_NAME", "v1.2.3",
                "GITHUB_SERVER_URL", "https://example.org",
                "GITHUB_REPOSITORY", "spire-doctor/spire-doctor"));
    assertThat(packed.code()).as("%s", packed).isZero();
  }

  private Path release() {
    return directory.resolve("releases/v1.2.3");
  }

  /** What starts this build's program; the native binary itself need not be copied to be run. */
  private static String binary() {
    Program program = Program.hasNative() ? Program.nativeBinary() : Program.jvm();
    String words = String.join(" ", program.command().stream().map(w -> "'" + w + "'").toList());
    return "#!/bin/sh\nexec " + words + " \"$@\"\n";
  }

  private static JsonNode yaml(String file) throws IOException {
    return Manifests.documents(Files.readString(Path.of(file))).getFirst();
  }

  private static JsonNode step(JsonNode steps, String name) {
    for (JsonNode step : steps) {
      if (step.path("name").asText().equals(name)) {
        return step;
      }
    }
    throw new AssertionError("no step '" + name + "'");
  }

  /**
   * Runs a step's script as a runner does, with nothing of ours in the environment but the path.
   */
  private Run script(JsonNode step, Path in, Map<String, String> environment) throws IOException {
    Path file = Files.createTempFile(directory, "step", ".sh");
    Files.writeString(file, step.path("run").asText());
    Map<String, String> all = new HashMap<>(environment);
    all.put("SCRIPT", file.toString());
    all.put("IN", in.toString());
    return new Program("bash", List.of("bash"))
        .start(all, "-c", "cd \"$IN\" && exec bash --noprofile --norc -e -o pipefail \"$SCRIPT\"")
        .end();
  }

  private Map<String, String> environment(Map<String, String> inputs) throws IOException {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "RUNNER_OS", "Linux",
                "RUNNER_ARCH", "X64",
                "RUNNER_TEMP", Files.createDirectories(directory.resolve("temp")).toString(),
                "VERSION", "1.2.3",
                "RELEASES", "file://" + directory.resolve("releases")));
    for (String file : List.of("GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")) {
      environment.put(file, directory.resolve(file).toString());
    }
    environment.putAll(inputs);
    return environment;
  }

  private Run download(Map<String, String> inputs) throws IOException {
    return script(
        step(yaml("action.yml").at("/runs/steps"), "Download and verify spire-doctor"),
        directory.resolve("temp"),
        environment(inputs));
  }

  /** The second step, with what the first has left. */
  private Run check(String arguments) throws IOException {
    return script(
        step(yaml("action.yml").at("/runs/steps"), "Check"),
        Path.of("").toAbsolutePath(),
        environment(
            Map.of("BINARY", output("binary"), "ARGUMENTS", arguments, "KUBECONFIG_FILE", "")));
  }

  private String output(String name) throws IOException {
    return Files.readString(directory.resolve("GITHUB_OUTPUT"))
        .lines()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsReleasedIsVerifiedAndRun() throws IOException {
    Run downloaded = download(Map.of());
    assertThat(downloaded.code()).as("%s", downloaded).isZero();
    assertThat(downloaded.out()).contains("spire-doctor-linux-amd64: OK");
    assertThat(Files.readString(directory.resolve("GITHUB_PATH")).strip())
        .isEqualTo(output("binary").replaceFirst("/spire-doctor$", ""));

    Run checked = check(SICK + "\n  --only entry-parent-alias-missing");
    assertThat(checked.code()).as("%s", checked).isEqualTo(1);
    assertThat(output("code")).isEqualTo("1");
    String report = Files.readString(Path.of(output("report")));
    assertThat(report).contains("✗ entry-parent-alias-missing");
    assertThat(shown(checked)).isEqualTo(report);
    assertThat(Files.readString(directory.resolve("GITHUB_STEP_SUMMARY")))
        .isEqualTo("### spire-doctor check\n\n~~~~text\n" + report + "\n~~~~\n");
  }

  /** A newer version's word, with a leading v or without. */
  @ParameterizedTest
  @ValueSource(strings = {"1.2.3", "v1.2.3"})
  void aVersionMayHaveItsPrefix(String version) throws IOException {
    assertThat(download(Map.of("VERSION", version)).code()).isZero();
  }

  @Test
  void whatWasChangedIsNotRun() throws IOException {
    Path binary = release().resolve("spire-doctor-linux-amd64");
    Files.writeString(binary, Files.readString(binary) + "# one byte more\n");
    refused(download(Map.of()), "FAILED");
  }

  @Test
  void whatHasNoSumIsNotRun() throws IOException {
    Path sums = release().resolve("SHA256SUMS");
    Files.writeString(
        sums, Files.readString(sums).replaceFirst("(?m)^.* spire-doctor-linux-amd64\\n", ""));
    refused(download(Map.of()), "");
  }

  @Test
  void otherMachinesAreTold() throws IOException {
    refused(download(Map.of("RUNNER_ARCH", "ARM64")), "this runner is Linux on ARM64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "latest", "1.2", "../v1.2.3", "1.2.3;touch x", "1.2.3\ntouch x"})
  void whatIsNoVersionIsRefused(String version) throws IOException {
    refused(download(Map.of("VERSION", version)), "must be that of a release");
  }

  private void refused(Run run, String because) {
    assertThat(run.code()).as("%s", run).isNotZero();
    assertThat(run.out()).contains(because);
    assertThat(directory.resolve("GITHUB_PATH")).doesNotExist();
    assertThat(directory.resolve("GITHUB_OUTPUT")).doesNotExist();
  }

  @Test
  void argumentsAreNotReadByAShell() throws IOException {
    assertThat(download(Map.of()).code()).isZero();
    Path trap = directory.resolve("trap");
    for (String way : List.of("$(touch T)", "`touch T`", "; touch T", "| touch T", "> T")) {
      Run run = check(SICK + " --only " + way.replace("T", trap.toString()));
      assertThat(run.code()).as("%s", run).isEqualTo(2);
      assertThat(trap).doesNotExist();
    }
  }

  /** What is printed while the runner reads no commands; all else is its end. */
  private static String shown(Run run) {
    Matcher stopped =
        Pattern.compile("::stop-commands::([0-9a-f]{32})\n(.*)\n::\\1::\n", Pattern.DOTALL)
            .matcher(run.out());
    assertThat(stopped.matches()).as("%s", run).isTrue();
    return stopped.group(2);
  }

  /** Instead of the program, which prints what is in a cluster. */
  private void prints(String text) throws IOException {
    Path program = directory.resolve("prints");
    Files.writeString(program, "#!/bin/sh\nprintf '" + text + "'\nexit 3\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Files.writeString(directory.resolve("GITHUB_OUTPUT"), "binary=" + program + "\n");
  }

  @Test
  void aRunnerReadsNoCommandsInAReport() throws IOException {
    prints("::add-mask::a\\n::stop-commands::x\\n::x::\\n##[add-path]/tmp\\n::error::b\\nend");
    Run first = check("");
    assertThat(first.code()).isEqualTo(3);
    assertThat(shown(first))
        .isEqualTo("::add-mask::a\n::stop-commands::x\n::x::\n##[add-path]/tmp\n::error::b\nend");
    assertThat(check("").out().lines().findFirst()).isNotEqualTo(first.out().lines().findFirst());
  }

  /** A cluster's objects have names and messages that others choose. */
  @Test
  void aReportCannotLeaveItsBlock() throws IOException {
    prints("~~~~\\n<b>~~~~~</b>\\n");
    assertThat(check("").code()).isEqualTo(3);
    assertThat(Files.readString(directory.resolve("GITHUB_STEP_SUMMARY")))
        .contains("\n~~~~~~text\n~~~~\n")
        .endsWith("\n~~~~~~\n");
  }

  @Test
  void everyFileOfAReleaseHasItsSum() throws IOException {
    try (Stream<Path> files = Files.list(release())) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrder(
              "spire-doctor-linux-amd64",
              "spire-doctor-linux-amd64.tar.gz",
              "spire-doctor-image.tar",
              "spire-doctor.cdx.json",
              "spire-doctor.yaml",
              "SHA256SUMS");
    }
    assertThat(Files.readAllLines(release().resolve("SHA256SUMS"))).hasSize(5);
    Run verified = sh("cd '" + release() + "' && sha256sum --check --strict SHA256SUMS");
    assertThat(verified.code()).as("%s", verified).isZero();
  }

  private static Run sh(String script) {
    return new Program("sh", List.of("sh", "-c", script)).run();
  }

  /** What krew asks of a manifest, and of the archive that it names. */
  @Test
  void krewCanInstallThePlugin() throws IOException {
    Path file = release().resolve("spire-doctor.yaml");
    JsonNode plugin = Manifests.documents(Files.readString(file)).getFirst();
    assertThat(plugin.path("apiVersion").asText())
        .isEqualTo("krew.googlecontainertools.github.com/v1alpha2");
    assertThat(plugin.path("kind").asText()).isEqualTo("Plugin");
    // The file must be called as the plugin is.
    assertThat(plugin.at("/metadata/name").asText()).isEqualTo("spire-doctor");
    JsonNode spec = plugin.path("spec");
    assertThat(spec.path("version").asText()).isEqualTo("v1.2.3");
    assertThat(spec.path("homepage").asText()).isEqualTo(REPOSITORY);
    assertThat(spec.path("shortDescription").asText()).isNotEmpty().doesNotContain("\n");
    assertThat(spec.path("platforms")).hasSize(1);
    JsonNode linux = spec.path("platforms").path(0);
    assertThat(linux.at("/selector/matchLabels").toString())
        .isEqualTo("{\"os\":\"linux\",\"arch\":\"amd64\"}");
    String archive = "spire-doctor-linux-amd64.tar.gz";
    assertThat(linux.path("uri").asText())
        .isEqualTo(REPOSITORY + "/releases/download/v1.2.3/" + archive);
    assertThat(sh("sha256sum < '" + release().resolve(archive) + "'").out())
        .isEqualTo(linux.path("sha256").asText() + "  -\n");
    String listed = sh("tar tzf '" + release().resolve(archive) + "'").out();
    assertThat(linux.path("files").findValuesAsText("from"))
        .containsExactlyElementsOf(listed.lines().toList())
        .contains(linux.path("bin").asText());
  }

  static List<Path> withScripts() throws IOException {
    try (Stream<Path> workflows = Files.list(Path.of(".github/workflows"))) {
      return Stream.concat(
              workflows.sorted(),
              Stream.of(Path.of("action.yml"), Path.of(".github/actions/spire/action.yml")))
          .toList();
    }
  }

  /** An expression in a script is text that somebody else may choose. */
  @ParameterizedTest
  @MethodSource("withScripts")
  void scriptsAreWhatBashReadsAndTakeVariablesOnly(Path file) throws IOException {
    List<String> scripts = yaml(file.toString()).findValuesAsText("run");
    // Beside scripts there are the defaults of a workflow's jobs, which are an object.
    List<String> all = scripts.stream().filter(text -> !text.isEmpty()).toList();
    assertThat(Files.readString(file).contains("run: ")).isEqualTo(!all.isEmpty());
    for (String script : all) {
      assertThat(script).doesNotContain("${{");
      Path copy = Files.writeString(directory.resolve("script.sh"), script);
      Run parsed = sh("bash -n '" + copy + "'");
      assertThat(parsed.code()).as("%s: %s", script, parsed).isZero();
    }
  }
}
