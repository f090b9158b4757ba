package org.spiredoctor.report;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Report.Ranked;
import org.spiredoctor.diagnosis.Words;
import org.spiredoctor.report.Style.Colour;

/** The first lines of findings: a mark, the id, and what it is about. */
record Heads(Style style, Lines out) {
  /** More of them nobody reads. */
  private static final int MOST = 20;

  /** Above a finding. */
  void heading(Finding finding, String subjects) {
    out.heading(painted(finding), head(finding).length(), Colour.FAINT, subjects);
  }

  /** Findings that there is no room for, in a line each; the last are counted. */
  void list(List<Ranked> findings) {
    if (findings.isEmpty()) {
      return;
    }
    out.empty();
    out.line("In short (-o json has all of each, and what follows from it):");
    findings.stream()
        .limit(MOST)
        .forEach(
            one ->
                out.brief(
                    painted(one.finding()),
                    head(one.finding()).length(),
                    Colour.FAINT,
                    Subjects.of(one).total()));
    if (findings.size() > MOST) {
      List<Ranked> rest = findings.subList(MOST, findings.size());
      out.line("… and " + rest.size() + " more: " + counted(rest));
    }
  }

  private static String counted(List<Ranked> findings) {
    Map<Severity, Long> counts =
        findings.stream()
            .collect(
                Collectors.groupingBy(
                    one -> one.finding().severity(), TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(
            some ->
                Words.counted(
                    some.getValue(), some.getKey() == Severity.ERROR ? "error" : "warning"))
        .collect(Collectors.joining(", "));
  }

  private static String head(Finding finding) {
    return (finding.severity() == Severity.ERROR ? "✗ " : "! ") + finding.id() + "  ";
  }

  private String painted(Finding finding) {
    Colour colour = finding.severity() == Severity.ERROR ? Colour.RED : Colour.YELLOW;
    return style.paint(colour, head(finding));
  }
}
