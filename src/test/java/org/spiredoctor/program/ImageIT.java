package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The image that a native build makes, an OCI archive. */
class ImageIT {
  private static final long MOST_BYTES = 20L * 1024 * 1024;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @BeforeAll
  static void built() {
    Assume.that(Program.hasNative(), "tests of the image", "a build with -Dnative");
  }

  private static Path image() {
    return Program.target("spire-doctor-image.tar");
  }

  private static String sh(String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", "-c", script)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(script).isZero();
    return out;
  }

  private static String blob(JsonNode of) {
    String path = "blobs/" + of.path("digest").asText().replace(':', '/');
    return "tar xOf '" + image() + "' " + path;
  }

  private static JsonNode json(String script) throws IOException, InterruptedException {
    return MAPPER.readTree(sh(script));
  }

  private static JsonNode manifest() throws IOException, InterruptedException {
    JsonNode index = json("tar xOf '" + image() + "' index.json");
    assertThat(index.path("manifests")).hasSize(1);
    return json(blob(index.path("manifests").path(0)));
  }

  @Test
  void itIsSmallAndRunsTheProgramAsNobody() throws IOException, InterruptedException {
    assertThat(Files.size(image())).isLessThan(MOST_BYTES);
    JsonNode config = json(blob(manifest().path("config"))).path("config");
    assertThat(config.path("Entrypoint").toString()).isEqualTo("[\"/spire-doctor\"]");
    assertThat(config.path("User").asText()).isEqualTo("65532:65532");
    assertThat(config.at("/Labels/org.opencontainers.image.title").asText())
        .isEqualTo("spire-doctor");
    assertThat(config.at("/Labels/org.opencontainers.image.licenses").asText())
        .isEqualTo("Apache-2.0");
  }

  @Test
  void itHoldsTheBinaryAndWhatThatIsMadeOfAndNothingElse()
      throws IOException, InterruptedException {
    List<String> files = new ArrayList<>();
    for (JsonNode layer : manifest().path("layers")) {
      files.addAll(sh(blob(layer) + " | tar tzf -").lines().toList());
    }
    files.removeIf(name -> name.endsWith("/"));
    assertThat(files).containsExactlyInAnyOrder("spire-doctor", "sbom/spire-doctor.cdx.json");
    String binary = sh("cksum < '" + Program.target("spire-doctor") + "'");
    StringBuilder all = new StringBuilder();
    for (JsonNode layer : manifest().path("layers")) {
      all.append(sh(blob(layer) + " | tar xzOf - spire-doctor 2>/dev/null | cksum"));
    }
    assertThat(all.toString()).contains(binary);
  }
}
