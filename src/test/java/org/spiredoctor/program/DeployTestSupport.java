package org.spiredoctor.program;

import static org.spiredoctor.program.RealCluster.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The manifests of {@code deploy/} at a real API server. */
abstract class DeployTestSupport {
  static final Duration MINUTE = Duration.ofMinutes(1);
  @TempDir static Path directory;

  @BeforeAll
  static void start() throws IOException {
    cluster().apply(Manifests.text("rbac.yaml"));
  }

  static RealCluster.Done dryRun(String manifest) throws IOException {
    Path file = Files.writeString(directory.resolve("manifest.yaml"), manifest);
    return cluster()
        .run("kubectl apply --dry-run=server --validate=strict -f '%s'".formatted(file), MINUTE);
  }

  /** With the image of this build, this cluster's directories, and a program that stays. */
  static String ready(String manifest) {
    return cluster()
        .adapted(manifest)
        .replace("spire-doctor:dev", cluster().loadImage())
        .replace("my-workload:dev", "pause:lab");
  }

  static void assumeImage(String tests) {
    Assume.that(RealCluster.imageAvailable(), tests, RealCluster.IMAGE_NEEDED);
  }
}
