package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.program.Program.Run;

/** What the action, and krew, download of a release. */
class ActionDownloadIT extends ActionTestSupport {
  private static final String REPOSITORY = "https://example.org/spire-doctor/spire-doctor";

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
}
