package org.spiredoctor.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Scene;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;

/** What people see of many faults. */
class LongTextReportTest {
  private static final Style PLAIN = new Style(false, true, 80);

  @Test
  void whatManyChecksLackIsSaidOnce() {
    Report report =
        new Report(
            Report.Verdict.UNKNOWN,
            List.of(),
            List.of(),
            Stream.of("a", "b", "c", "d", "e")
                .map(id -> new Report.Undetermined(id, "a SPIRE server"))
                .toList(),
            Scene.served().report().checked());
    assertThat(TextReport.render(report, PLAIN))
        .contains("? 5 checks\n    Could not be told; missing: a SPIRE server\n")
        .contains("hence  a, b, c and 2 more");
  }

  @Test
  void ofManyThingsThatACheckLacksSomeAreSaid() {
    Report report =
        new Report(
            Report.Verdict.UNKNOWN,
            List.of(),
            List.of(),
            IntStream.range(0, 100)
                .mapToObj(i -> new Report.Undetermined("observation-failed", "log " + i))
                .toList(),
            Scene.served().report().checked());
    assertThat(TextReport.render(report, PLAIN))
        .containsOnlyOnce("? observation-failed")
        .contains("missing: log 0\n", "missing: log 2\n", "… and 97 more (-o json shows all)")
        .doesNotContain("log 3\n")
        .contains("100 unknown");
  }

  /** A finding about many pods with so many lines, and one consequence. */
  private static List<Report.Ranked> cause(int number, Finding.Severity severity, int lines) {
    Finding.Quote quote = new Finding.Quote("pod", "said");
    Finding finding =
        new Finding(
            "pod-not-started",
            severity,
            new Subject("Deployment", Optional.of("apps"), "web" + number),
            "It does not start",
            Finding.Confidence.CERTAIN,
            Collections.nCopies(lines - 5, quote),
            List.of(),
            Scope.CLUSTER,
            List.of(),
            Optional.empty());
    return List.of(
        new Report.Ranked(finding, Optional.empty(), List.of()),
        new Report.Ranked(finding, Optional.of(finding.id()), List.of()));
  }

  private static List<String> lines(Stream<List<Report.Ranked>> causes) {
    List<Report.Ranked> findings = causes.flatMap(List::stream).toList();
    Report report =
        new Report(
            Report.Verdict.PROBLEMS,
            List.of(),
            findings,
            List.of(),
            Scene.served().report().checked());
    return TextReport.render(report, PLAIN).lines().toList();
  }

  @Test
  void manyFaultsAreToldInShort() {
    List<String> lines =
        lines(
            IntStream.range(0, 100)
                .mapToObj(
                    i -> cause(i, i < 20 ? Finding.Severity.ERROR : Finding.Severity.WARNING, 40)));
    assertThat(lines).hasSizeLessThan(300).allMatch(line -> line.length() <= 80);
    assertThat(lines).filteredOn(line -> line.startsWith("    more ")).hasSize(5);
    assertThat(lines).filteredOn(line -> line.startsWith("    hence ")).hasSize(5);
    assertThat(lines)
        .containsSubsequence(
            "✗ pod-not-started  Deployment apps/web4",
            "In short (-o json has all of each, and what follows from it):",
            "✗ pod-not-started  Deployment apps/web5",
            "✗ pod-not-started  Deployment apps/web19",
            "! pod-not-started  Deployment apps/web20",
            "! pod-not-started  Deployment apps/web24",
            "… and 75 more: 75 warnings")
        .last()
        .asString()
        .contains("20 errors, 80 warnings");
  }

  /** However long it is, the first is told, and a handful is as it is. */
  @Test
  void aHandfulIsToldInFull() {
    assertThat(lines(Stream.of(cause(0, Finding.Severity.ERROR, 400))))
        .hasSizeGreaterThan(400)
        .noneMatch(line -> line.startsWith("In short"));
    assertThat(lines(IntStream.range(0, 5).mapToObj(i -> cause(i, Finding.Severity.ERROR, 30))))
        .filteredOn(line -> line.startsWith("    more "))
        .hasSize(5);
  }

  /** Cut at the end of the line, and with no half of a character there. */
  @Test
  void aLineInShortIsOneLine() {
    List<String> lines =
        lines(Stream.of(cause(0, Finding.Severity.ERROR, 400), named("😀".repeat(100))));
    assertThat(lines)
        .filteredOn(line -> line.startsWith("✗ pod"))
        .last()
        .asString()
        .endsWith("😀…");
  }

  private static List<Report.Ranked> named(String name) {
    Finding one = cause(1, Finding.Severity.ERROR, 10).getFirst().finding();
    Finding named =
        new Finding(
            one.id(),
            one.severity(),
            new Subject("Pod", Optional.empty(), name),
            one.summary(),
            one.confidence(),
            one.evidence(),
            one.remedies(),
            one.scope(),
            one.managed(),
            one.reason());
    return List.of(new Report.Ranked(named, Optional.empty(), List.of()));
  }

  @Test
  void ofManyChecksThatCouldNotTellSomeAreNamed() {
    Report report =
        new Report(
            Report.Verdict.UNKNOWN,
            List.of(),
            List.of(),
            IntStream.range(0, 100)
                .mapToObj(i -> new Report.Undetermined("rule-" + i, "permission " + i))
                .toList(),
            Scene.served().report().checked());
    assertThat(TextReport.render(report, PLAIN))
        .contains("? rule-0\n", "? rule-70\n", " more checks (-o json shows all)\n")
        .doesNotContain("permission 90\n")
        .hasLineCount(253);
  }

  /** One check may lack several things. */
  @Test
  void aCheckThatIsNotNamedIsCountedOnce() {
    List<Report.Undetermined> unknown = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      unknown.add(new Report.Undetermined("rule-" + i, "permission " + i));
    }
    for (int i = 0; i < 3; i++) {
      unknown.add(new Report.Undetermined("rule-0", "both " + i));
      unknown.add(new Report.Undetermined("rule-1", "both " + i));
    }
    Report report =
        new Report(
            Report.Verdict.UNKNOWN,
            List.of(),
            List.of(),
            unknown,
            Scene.served().report().checked());
    String text = TextReport.render(report, PLAIN);
    long named = text.lines().filter(line -> line.startsWith("? rule-")).count();
    assertThat(text).contains("? " + (100 - named) + " more checks (-o json shows all)\n");
  }
}
