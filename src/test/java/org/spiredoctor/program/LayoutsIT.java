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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.program.Program.Run;

/**
 * SPIRE as others install it, in a real cluster: whole it is healthy, and what goes wrong in it is
 * named first and repaired as it is printed. All of it with {@code -Dspiredoctor.layouts=all}, and
 * all of some with their names. Leaves a table in {@code target/layouts.md}.
 */
@RealClusterTest("layouts in a real cluster")
class LayoutsIT {
  private static final Program PROGRAM =
      Program.hasNative() ? Program.nativeBinary() : Program.jvm();
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final List<String> TABLE = new ArrayList<>();
  private static final String ASKED = System.getProperty("spiredoctor.layouts", "");

  private static @Nullable Layout installed;

  /** What is tried in a layout. */
  record Trial(Layout layout, @Nullable LayoutFault fault) {
    @Override
    public String toString() {
      return layout + ", " + (fault == null ? "healthy" : fault.name());
    }
  }

  static Stream<Trial> trials() {
    List<String> names = List.of(ASKED.split(",", -1));
    boolean all = ASKED.equals("all");
    return Arrays.stream(Layout.values())
        .filter(layout -> ASKED.isEmpty() || all || names.contains(layout.name()))
        .flatMap(
            layout ->
                Stream.concat(
                    Stream.of(new Trial(layout, null)),
                    LayoutFault.all().stream()
                        .filter(fault -> fault.layout() == layout)
                        .filter(fault -> !ASKED.isEmpty() || fault.quick())
                        .map(fault -> new Trial(layout, fault))));
  }

  @BeforeAll
  static void start() {
    // For the images, and the definitions of the custom resources.
    cluster()
        .sh(
            """
            spire-deploy --csi --controller-manager
            kubectl -n apps delete deployment,pod --all --now --wait
            kubectl delete clusterstaticentries,clusterspiffeids --all
            kubectl delete namespace spire-system --wait
            """);
    TABLE.add("| layout | fault | first finding | false findings | repaired by | seconds |");
    TABLE.add("| --- | --- | --- | ---: | --- | ---: |");
  }

  @AfterAll
  static void makeWay() throws IOException {
    change(null);
    cluster().deploy();
    Files.write(Program.report("layouts.md"), TABLE);
  }

  private static void change(@Nullable Layout layout) {
    if (installed != null && installed != layout) {
      installed.remove(cluster());
    }
    installed = layout;
  }

  @ParameterizedTest
  @MethodSource("trials")
  void isToldAsItIs(Trial trial) {
    change(trial.layout());
    cluster().sh("kubectl delete clusterspiffeid payments --ignore-not-found");
    trial.layout().install(cluster());
    cluster().sh("kubectl -n apps wait --for=condition=Ready pod --all --timeout=90s");
    JsonNode healthy = healthy("");
    LayoutFault fault = trial.fault();
    if (fault == null) {
      tell(trial.layout(), "none", "none", 0, "-", healthy);
      return;
    }
    sh(fault, fault.inject());
    JsonNode report = named(fault);
    int aside = unexplained(report).size() - 1;
    assertThat(aside).as("%s", report).isZero();
    assertThat(report.at("/findings/0/summary").asText()).contains(fault.says());
    String repair = repair(fault, report);
    sh(fault, fault.afterwards());
    trial.layout().install(cluster());
    healthy(fault.arguments());
    tell(trial.layout(), fault.name(), "`" + fault.finding() + "`", aside, repair, report);
  }

  private static void sh(LayoutFault fault, String script) {
    cluster()
        .sh(
            "cd '%s'\n%s"
                .formatted(
                    cluster().directory().resolve("layouts").resolve(fault.layout().name()),
                    script.replace("@SOCKETS@", Layout.sockets(cluster()))));
  }

  private static String repair(LayoutFault fault, JsonNode report) {
    List<JsonNode> commands =
        report
            .at("/findings/0/remedies")
            .valueStream()
            .filter(remedy -> List.of("command", "entry").contains(remedy.path("kind").asText()))
            .toList();
    if (!fault.words().isEmpty()) {
      sh(fault, fault.words());
      return "in words";
    }
    assertThat(commands).as("%s", report).isNotEmpty();
    cluster().sh(commands.getFirst().path("command").asText());
    return commands.getFirst().path("kind").asText() + ", as printed";
  }

  private static Run check(String arguments) {
    return PROGRAM
        .start(
            cluster().environment(),
            RealCluster.check("--strict " + arguments).toArray(String[]::new))
        .end();
  }

  /** Not one finding, and nothing that is not known. */
  private static JsonNode healthy(String arguments) {
    Run last = check(arguments);
    long end = System.nanoTime() + LIMIT.toNanos();
    while (last.code() != 0 && System.nanoTime() < end) {
      // What takes its time is unknown, and not broken.
      last = check(arguments);
    }
    assertThat(last.code()).as("%s", last).isZero();
    assertThat(json(last).path("findings")).as("%s", last).isEmpty();
    return json(last);
  }

  /** Asked again until it comes first, since symptoms take their time. */
  private static JsonNode named(LayoutFault fault) {
    JsonNode[] report = {MAPPER.missingNode()};
    try {
      Until.holds(
          () -> {
            Run run = check(fault.arguments());
            report[0] = json(run);
            return run.code() == 1
                && report[0].at("/findings/0/id").asText().equals(fault.finding())
                && unexplained(report[0]).size() == 1;
          },
          LIMIT);
    } catch (AssertionError e) {
      throw new AssertionError(fault.finding() + " is not first and alone in " + report[0], e);
    }
    return report[0];
  }

  private static List<String> unexplained(JsonNode report) {
    return report
        .path("findings")
        .valueStream()
        .filter(f -> f.path("explainedBy").isNull())
        .map(f -> f.path("id").asText())
        .toList();
  }

  private static JsonNode json(Run run) {
    try {
      return MAPPER.readTree(run.out());
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + run, e);
    }
  }

  private static void tell(
      Layout layout, String fault, String found, int aside, String repair, JsonNode report) {
    String row =
        "| %s | %s | %s | %d | %s | %.1f |"
            .formatted(
                layout.name().toLowerCase(Locale.ROOT),
                fault,
                found,
                aside,
                repair,
                report.at("/checked/seconds").asDouble());
    TABLE.add(row);
    System.out.println(row);
  }
}
