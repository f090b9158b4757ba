package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.report.JsonReport;
import org.spiredoctor.report.Style;
import org.spiredoctor.report.TextReport;

/** What has one cause is told once, however many pods it concerns. */
class FleetTest {
  private static final int PODS = 1000;

  private static String text(Report report) {
    return TextReport.render(report, new Style(false, true, 80));
  }

  static Stream<String> kinds() {
    return Growing.kinds().stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theReportIsShort(String kind) {
    assertThat(text(Growing.cluster(kind, PODS).report()).lines().count()).isLessThan(300);
  }

  /** A finding about one pod beside it comes after it. */
  @Test
  void theCauseOfNearlyAllIsFirst() {
    Report report = Growing.cluster("pods with another directory", PODS).report();
    Report.Ranked first = report.findings().getFirst();
    assertThat(first.finding().id()).isEqualTo("pod-socket-path-mismatch");
    assertThat(first.pods()).isEqualTo(PODS);
    assertThat(first.alike()).hasSize(99);
    assertThat(report.causes().map(Finding::id)).contains("entry-missing");
    List<String> screen = text(report).lines().limit(24).toList();
    assertThat(screen)
        .contains(
            "✗ pod-socket-path-mismatch  Deployment team-0/web-0 and 99 more in 25 namespaces",
            "    (1,000 pods)")
        .anyMatch(line -> line.startsWith("    do     "));
    assertThat(text(report)).contains("also   Deployment team-0/web-1, ", "80 more");
  }

  @Test
  void eachOfThemIsInTheTable() throws IOException {
    Report report = Growing.cluster("pods without an owner", PODS).report();
    JsonNode json = new ObjectMapper().readTree(JsonReport.render(report));
    assertThat(json.path("findings").size()).isLessThan(10);
    JsonNode first = json.path("findings").path(0);
    assertThat(first.path("others").asInt()).isEqualTo(PODS - 1);
    List<JsonNode> rows =
        json.path("others").valueStream().filter(row -> row.path("finding").asInt() == 0).toList();
    assertThat(rows).hasSize(PODS - 1);
    assertThat(rows.getLast().path("subject").path("name").asText()).isEqualTo("other-99-999");
    assertThat(rows.getLast().path("pods").asInt()).isEqualTo(1);
    assertThat(rows.getLast().path("remedies").path(0).path("command").asText())
        .contains("k8s:pod-label:app:other-99");
  }

  /** What an agent takes along is folded under it, and counted. */
  @Test
  void whatOneCauseExplainsIsFoldedUnderIt() {
    Report report = Growing.cluster("pods on nodes without agents", PODS).report();
    assertThat(report.findings().getFirst().finding().id()).isEqualTo("agent-not-on-node");
    assertThat(report.findings().get(1).explainedBy()).contains("agent-not-on-node");
    assertThat(report.findings().get(1).alike()).hasSizeGreaterThan(90);
  }

  /** Three can be read one by one, each with what to do. */
  @Test
  void fewAreToldOneByOne() {
    Report report = Growing.cluster("pods with another directory", 30).report();
    assertThat(report.findings()).allMatch(one -> one.alike().isEmpty());
    assertThat(report.findings().stream().map(one -> one.finding().id()))
        .filteredOn("pod-socket-path-mismatch"::equals)
        .hasSize(3);
  }
}
