package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.program.Program.Run;

/** {@code deploy/rbac.yaml} at a real API server: it suffices, and what is taken away is named. */
@RealClusterTest("rights in a real cluster")
class AccessIT {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Program PROGRAM =
      Program.hasNative() ? Program.nativeBinary() : Program.jvm();

  @TempDir private static Path directory;

  @BeforeAll
  static void start() {
    cluster().makeWhole();
    cluster().apply(ClusterFault.goodPod(cluster()));
    cluster().sh("kubectl -n apps wait --for=condition=Ready pod/web --timeout=60s");
    // A new entry is told of for some seconds.
    Until.holds(
        () -> PROGRAM.start(cluster().environment(), "check", "--strict").end().code() == 0,
        Duration.ofSeconds(60));
  }

  @BeforeEach
  void grant() throws IOException {
    cluster().apply(Files.readString(Path.of("deploy/rbac.yaml")));
  }

  /** A check with the rights of the service account, and no others. */
  private static Run check(String... more) throws IOException {
    Path kubeconfig = cluster().ofTheAccount(directory);
    String[] words = new String[more.length + 3];
    words[0] = "check";
    words[1] = "-o";
    words[2] = "json";
    System.arraycopy(more, 0, words, 3, more.length);
    return PROGRAM.start(Map.of("KUBECONFIG", kubeconfig.toString()), words).end();
  }

  @Test
  void theRolesSuffice() throws IOException {
    Run run = check();
    JsonNode report = MAPPER.readTree(run.out());
    assertThat(report.path("verdict").asText()).as("%s", run).isEqualTo("healthy");
    assertThat(run.code()).isZero();
  }

  /** What is known by then is saved too, and nothing else is left. */
  @Test
  void whoStopsItHasTheEvidenceSaved() throws IOException {
    Path saved = Files.createDirectory(directory.resolve("saved")).resolve("evidence.json.gz");
    cluster().sh("node-exec pkill -STOP -x spire-server");
    try (Program.Started check =
        PROGRAM.start(cluster().environment(), "check", "--save", saved.toString())) {
      Run run = check.said("Asking SPIRE's servers").terminate().end();
      assertThat(run.err()).as("%s", run).doesNotContain("unexpectedly").contains("Evidence saved");
    } finally {
      cluster().sh("node-exec pkill -CONT -x spire-server");
    }
    try (Stream<Path> left = Files.list(saved.getParent())) {
      assertThat(left).containsExactly(saved);
    }
    assertThat(PROGRAM.run("check", "--from", saved.toString()).out()).contains("✓ cluster");
  }

  /** All but services, which are listed only where there are several SPIRE servers. */
  @ParameterizedTest
  @CsvSource({
    "clusterrole, spire-doctor, nodes, list nodes",
    "clusterrole, spire-doctor, pods, list pods",
    "clusterrole, spire-doctor, events, list events",
    "clusterrole, spire-doctor, namespaces, list namespaces",
    "clusterrole, spire-doctor, services, list services",
    "clusterrole, spire-doctor, daemonsets, list daemonsets in all namespaces",
    "clusterrole, spire-doctor, statefulsets, list statefulsets in all namespaces",
    "clusterrole, spire-doctor, deployments, list deployments in all namespaces",
    "clusterrole, spire-doctor, csidrivers, list csidrivers in all namespaces",
    "role, spire-doctor, pods/log, get pods/log in namespace spire-system",
    "role, spire-doctor, configmaps, get configmaps in namespace spire-system",
    "role, spire-doctor-exec, pods/exec, create pods/exec in namespace spire-system"
  })
  void eachMissingRightIsNamed(String kind, String role, String resource, String missing)
      throws IOException {
    cluster()
        .sh(
            """
            kubectl -n spire-system get %1$s %2$s -o json \
              | sed -e 's#"%3$s"#"nothing"#' | kubectl replace -f -
            """
                .formatted(kind, role, resource));
    Run run = check();
    JsonNode report = MAPPER.readTree(run.out());
    assertThat(report.path("unknown").toString()).as("%s", run).contains(missing);
    assertThat(report.path("verdict").asText()).as("%s", run).isEqualTo("unknown");
    assertThat(report.path("findings")).as("%s", run).isEmpty();
    assertThat(run.code()).isEqualTo(3);
  }

  @Test
  void nothingIsRunWhenItIsRefused() throws IOException {
    JsonNode report = MAPPER.readTree(check("--no-exec").out());
    assertThat(report.path("unknown").toString()).contains("--no-exec");
    assertThat(report.path("verdict").asText()).isEqualTo("unknown");
  }
}
