package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
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
    assertThat(text(report)).contains("also   Deployment team-0/web-1 (10 pods), ", "80 more");
  }

  @Test
  void eachOfThemIsInTheTable() throws IOException {
    Report report = Growing.cluster("pods without an owner", PODS).report();
    JsonNode json = new ObjectMapper().readTree(JsonReport.render(report));
    assertThat(json.path("findings").size()).isLessThan(10);
    List<JsonNode> mismatches =
        json.path("findings")
            .valueStream()
            .filter(finding -> finding.path("id").asText().equals("entry-selector-mismatch"))
            .toList();
    int others = mismatches.stream().mapToInt(finding -> finding.path("others").asInt()).sum();
    assertThat(mismatches.size() + others).isEqualTo(PODS);
    List<JsonNode> rows =
        json.path("others")
            .valueStream()
            .filter(row -> row.path("subject").path("name").asText().startsWith("other-"))
            .filter(row -> row.path("summary").asText().contains("; the nearest, for "))
            .toList();
    assertThat(rows).hasSize(others).allMatch(row -> row.path("pods").asInt() == 1);
    assertThat(rows)
        .filteredOn(row -> row.path("subject").path("name").asText().equals("other-99-999"))
        .extracting(row -> row.path("remedies").path(0).path("command").asText())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("k8s:pod-label:app:other-99");
  }

  /** The nearest entry of each is another one: what is said of one is not true of all. */
  @Test
  void whatIsNotAlikeIsNotCalledSo() {
    Report report = Growing.cluster("pods without an owner", PODS).report();
    List<Report.Ranked> mismatches =
        report.findings().stream()
            .filter(one -> one.finding().id().equals("entry-selector-mismatch"))
            .toList();
    assertThat(mismatches).hasSize(3).filteredOn(Report.Ranked::isOneCause).hasSize(2);
    assertThat(mismatches)
        .filteredOn(Report.Ranked::isOneCause)
        .allSatisfy(
            one -> {
              String nearest = entry(one.finding());
              assertThat(one.alike()).allMatch(other -> entry(other).equals(nearest));
            });
    assertThat(text(report)).contains("also   for this or another reason: Pod team-");
  }

  private static String entry(Finding finding) {
    return finding.evidence().getFirst().source();
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
