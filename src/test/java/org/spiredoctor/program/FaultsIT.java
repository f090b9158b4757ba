package org.spiredoctor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.program.RealCluster.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.program.Program.Run;

/**
 * Faults in a real cluster: {@code check} must name each of them first and nothing false beside it;
 * its first remedy is applied as it is printed; then the pod must get its SVID. Leaves a table in
 * {@code target/faults.md}. Only some of them with {@code -Dspiredoctor.faults=NAME;NAME}, all but
 * some with {@code -Dspiredoctor.faults.without=NAME;NAME}.
 */
@RealClusterTest("faults in a real cluster")
class FaultsIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> TABLE = new ArrayList<>();
  private static final Program PROGRAM =
      Program.hasNative() ? Program.nativeBinary() : Program.jvm();

  @BeforeAll
  static void start() {
    TABLE.add(
        "| fault | first finding | rank of the cause | false findings | repaired by | seconds |");
    TABLE.add("| --- | --- | ---: | ---: | --- | ---: |");
  }

  @AfterAll
  static void stop() throws IOException {
    Files.write(Program.report("faults.md"), TABLE);
  }

  static Stream<ClusterFault> faults() {
    List<String> only = names("spiredoctor.faults");
    List<String> without = names("spiredoctor.faults.without");
    return ClusterFault.possible()
        .filter(f -> only.isEmpty() || only.contains(f.name()))
        .filter(f -> !without.contains(f.name()));
  }

  /** A name that no fault has would let nothing be tried, and all be well. */
  private static List<String> names(String property) {
    List<String> names =
        Stream.of(System.getProperty(property, "").split(";", -1))
            .filter(name -> !name.isEmpty())
            .toList();
    assertThat(ClusterFault.names()).as(property).containsAll(names);
    return names;
  }

  @ParameterizedTest
  @MethodSource("faults")
  void isNamedFirstAndRepaired(ClusterFault fault) {
    cluster().makeWhole();
    String pod = fault.pod(cluster());
    try {
      cluster().sh(cluster().adapted(fault.inject()));
      if (!pod.isBlank()) {
        cluster().apply(pod);
        // Ready or not: some faults keep it from that.
        var _ =
            cluster().run("kubectl -n apps wait --for=condition=Ready pod/web --timeout=5s", LIMIT);
      }
      cluster().sh(fault.afterwards());
      Checked checked = checkUntilNamed(fault);
      String row = row(fault, checked);
      String repaired = "-";
      try {
        repaired = repair(fault, checked.report(), pod);
      } finally {
        tell(row.formatted(repaired));
      }
    } finally {
      if (fault.spire()) {
        cluster()
            .sh(
                "kubectl -n spire-system delete daemonset/spire-agent statefulset/spire-server --ignore-not-found --wait");
        cluster().deploy();
      }
    }
  }

  /** At once, since all of them take long. */
  private static void tell(String row) {
    TABLE.add(row);
    System.out.println(row);
  }

  private record Checked(JsonNode report, double seconds) {}

  /** Symptoms take their time: it is asked again until the finding comes first. */
  private static Checked checkUntilNamed(ClusterFault fault) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      Run run =
          PROGRAM
              .start(
                  cluster().environment(),
                  // Some pods say only in their log what is wrong.
                  RealCluster.check("--workload-logs " + fault.arguments()).toArray(String[]::new))
              .end();
      JsonNode report = json(run);
      JsonNode findings = report.path("findings");
      // A warning at first may become an error, once a container has said why it ends.
      boolean named =
          run.code() == 1 && findings.path(0).path("id").asText().equals(fault.finding());
      if (named && falseOnes(fault, report).isEmpty()) {
        return new Checked(report, report.at("/checked/seconds").asDouble());
      }
      if (System.nanoTime() > end) {
        tell(
            "| %s | **%s** | - | %s | - | - |"
                .formatted(
                    fault.name(),
                    findings.path(0).path("id").asText("nothing"),
                    falseOnes(fault, report)));
        assertThat(named).as("%s first in %s", fault.finding(), run.out()).isTrue();
        assertThat(falseOnes(fault, report)).as("false findings in %s", run.out()).isEmpty();
      }
    }
  }

  private static JsonNode json(Run run) {
    try {
      return MAPPER.readTree(run.out());
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + run, e);
    }
  }

  /** What stands beside the cause without being explained by it. */
  private static List<String> falseOnes(ClusterFault fault, JsonNode report) {
    return StreamSupport.stream(report.path("findings").spliterator(), false)
        .filter(f -> f.path("explainedBy").isNull())
        .map(f -> f.path("id").asText())
        .filter(id -> !id.equals(fault.finding()))
        .toList();
  }

  private static String row(ClusterFault fault, Checked checked) {
    return "| %s | `%s` | 1 | %d | %%s | %.1f |"
        .formatted(
            fault.name(),
            checked.report().at("/findings/0/id").asText(),
            falseOnes(fault, checked.report()).size(),
            checked.seconds());
  }

  private static String repair(ClusterFault fault, JsonNode report, String pod) {
    JsonNode remedy = report.at("/findings/0/remedies/0");
    switch (fault.repair()) {
      case COMMAND -> {
        assertThat(remedy.path("kind").asText()).as("%s", remedy).isIn("command", "entry");
        cluster().sh(remedy.path("command").asText());
      }
      case PATCH -> {
        assertThat(remedy.path("kind").asText()).as("%s", remedy).isEqualTo("patch");
        cluster().sh("kubectl -n apps delete pod web --now --wait");
        cluster().apply(PatchedPod.of(pod, remedy.path("patch").asText()));
      }
      case ITSELF -> {}
      case WORDS -> {
        assertThat(report.at("/findings/0/remedies").isEmpty()).isFalse();
        return "in words";
      }
    }
    Until.holds(() -> cluster().served("apps", "web"), LIMIT);
    return fault.repair() == ClusterFault.Repair.ITSELF
        ? "itself"
        : remedy.path("kind").asText()
            + ", as printed"
            + (remedy.path("fix").asText().equals("shown") ? "; `--fix`: shown, not applied" : "");
  }
}
