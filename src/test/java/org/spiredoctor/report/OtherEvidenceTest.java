package org.spiredoctor.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;

/** What shows the others of a finding is in the table where it differs. */
class OtherEvidenceTest {
  private static Finding finding(String pod, String... seen) {
    return new Finding(
        "pod-crashing",
        Finding.Severity.WARNING,
        new Subject("Pod", Optional.of("apps"), pod),
        "Container app ends",
        Finding.Confidence.LIKELY,
        Stream.of(seen).map(text -> new Quote("container app", text)).toList(),
        List.of(),
        Scope.CLUSTER.ofPods(Set.of("apps/" + pod)).onNodes(Set.of("node-of-" + pod)),
        List.of(),
        Optional.empty());
  }

  private static JsonNode json(List<Finding> alike) throws IOException {
    Report report =
        new Report(
            Report.Verdict.PROBLEMS,
            List.of(),
            List.of(
                new Report.Ranked(
                    finding("web-0", "no database at db for web-0"), Optional.empty(), alike)),
            List.of(),
            new Report.Checked(
                1, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Duration.ZERO));
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("docs/report.schema.json")), InputFormat.JSON)
                .validate(JsonReport.render(report), InputFormat.JSON))
        .isEmpty();
    return ReportTexts.json(report);
  }

  @Test
  void whatDiffersIsThere() throws IOException {
    JsonNode json =
        json(
            List.of(
                finding("web-1", "no database at db for web-1"),
                finding("web-2", "panic in web-2 on node-of-web-2"),
                finding("web-3", "panic in web-3 on node-of-web-3"),
                finding("web-4", "no database at db for web-4", "and more"),
                finding("web-5", "panic in web on node-of-web")));
    JsonNode others = json.path("others");
    assertThat(others.path(0).has("evidence")).isFalse();
    assertThat(others.path(0).has("evidenceAs")).isFalse();
    assertThat(others.path(1).at("/evidence/0/text").asText())
        .isEqualTo("panic in web-2 on node-of-web-2");
    assertThat(others.path(2).has("evidence")).isFalse();
    assertThat(others.path(2).path("evidenceAs").asInt()).isEqualTo(1);
    assertThat(others.path(3).path("evidence")).hasSize(2);
    assertThat(others.path(4).path("evidence")).hasSize(1);
    assertThat(json.at("/findings/0").has("evidenceLeftOut")).isFalse();
  }

  @Test
  void ofManyTheRestIsCounted() throws IOException {
    JsonNode json =
        json(
            IntStream.range(0, 130)
                .mapToObj(i -> finding("web-" + i, "error of number " + i))
                .toList());
    assertThat(json.path("others").valueStream().filter(row -> row.has("evidence"))).hasSize(100);
    assertThat(json.at("/findings/0/evidenceLeftOut").asInt()).isEqualTo(30);
  }
}
