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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.program.Program.Run;

/** The action of this repository, on a release that the release workflow has packed. */
abstract class ActionTestSupport {
  static final String SICK = "--from src/test/resources/bundles/seed-alias-missing.json.gz";
  @TempDir Path directory;

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

  Path release() {
    return directory.resolve("releases/v1.2.3");
  }

  /** What starts this build's program; the native binary itself need not be copied to be run. */
  static String binary() {
    Program program = Program.hasNative() ? Program.nativeBinary() : Program.jvm();
    String words = String.join(" ", program.command().stream().map(w -> "'" + w + "'").toList());
    return "#!/bin/sh\nexec " + words + " \"$@\"\n";
  }

  static JsonNode yaml(String file) throws IOException {
    return Manifests.documents(Files.readString(Path.of(file))).getFirst();
  }

  static JsonNode step(JsonNode steps, String name) {
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
  Run script(JsonNode step, Path in, Map<String, String> environment) throws IOException {
    Path file = Files.createTempFile(directory, "step", ".sh");
    Files.writeString(file, step.path("run").asText());
    Map<String, String> all = new HashMap<>(environment);
    all.put("SCRIPT", file.toString());
    all.put("IN", in.toString());
    return new Program("bash", List.of("bash"))
        .start(all, "-c", "cd \"$IN\" && exec bash --noprofile --norc -e -o pipefail \"$SCRIPT\"")
        .end();
  }

  Map<String, String> environment(Map<String, String> inputs) throws IOException {
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

  Run download(Map<String, String> inputs) throws IOException {
    return script(
        step(yaml("action.yml").at("/runs/steps"), "Download and verify spire-doctor"),
        directory.resolve("temp"),
        environment(inputs));
  }

  /** The second step, with what the first has left. */
  Run check(String arguments) throws IOException {
    return script(
        step(yaml("action.yml").at("/runs/steps"), "Check"),
        Path.of("").toAbsolutePath(),
        environment(
            Map.of("BINARY", output("binary"), "ARGUMENTS", arguments, "KUBECONFIG_FILE", "")));
  }

  String output(String name) throws IOException {
    return Files.readString(directory.resolve("GITHUB_OUTPUT"))
        .lines()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  /** What is printed while the runner reads no commands; all else is its end. */
  static String shown(Run run) {
    Matcher stopped =
        Pattern.compile("::stop-commands::([0-9a-f]{32})\n(.*)\n::\\1::\n", Pattern.DOTALL)
            .matcher(run.out());
    assertThat(stopped.matches()).as("%s", run).isTrue();
    return stopped.group(2);
  }

  static Run sh(String script) {
    return new Program("sh", List.of("sh", "-c", script)).run();
  }
}
