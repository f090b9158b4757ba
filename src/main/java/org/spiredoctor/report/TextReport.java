package org.spiredoctor.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Link;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Report.Part;
import org.spiredoctor.diagnosis.Report.Ranked;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.diagnosis.Words;
import org.spiredoctor.identity.EntryImpact;
import org.spiredoctor.report.Style.Colour;

/** The report for people. */
public final class TextReport {
  /** What a cause explains is listed so far; a node that fails takes all its pods along. */
  private static final int MOST_FOLDED = 8;

  /** What keeps rules from telling, and the rules; beyond these their number says enough. */
  private static final int MANY = 3;

  private static final int MOST_ASIDE = 3;

  /** Lines of findings in full; of those beyond only the heads are shown. */
  private static final int MOST_FINDINGS = 220;

  /** Lines before the end; some are for what could not be told, however many findings there are. */
  private static final int MOST_LINES = 250;

  private static final int LEAST_UNKNOWN = 30;

  private final Style style;
  private final Lines out;
  private final Heads heads;

  /** What the finding is about under which others are folded. */
  private Optional<Subject> cause = Optional.empty();

  private TextReport(Style style) {
    this.style = style;
    this.out = new Lines(style);
    this.heads = new Heads(style, out);
  }

  /** Path, findings, and a closing line. */
  public static String render(Report report, Style style) {
    TextReport text = new TextReport(style);
    report.path().forEach(text::link);
    text.aside(report.checked().parts().stream().filter(Part::aside).toList());
    text.findings(report);
    text.closing(report);
    return style.plain(text.out.toString());
  }

  /** The findings alone. */
  public static String renderFindings(Report report, Style style) {
    TextReport text = new TextReport(style);
    text.findings(report);
    return style.plain(text.out.toString());
  }

  private void link(Link link) {
    String glyph =
        switch (link.state()) {
          case HOLDS -> style.paint(Colour.GREEN, "✓");
          case BROKEN -> style.paint(Colour.RED, "✗");
          case UNSEEN -> style.paint(Colour.FAINT, "-");
        };
    String name = String.format("%-9s", link.name());
    out.wrap("  " + glyph + " " + name, 13, Untrusted.clean(link.text()));
  }

  /** What only calls itself SPIRE, or has no pods: in one line, however many there are. */
  private void aside(List<Part> parts) {
    if (!parts.isEmpty()) {
      String more =
          parts.size() > MOST_ASIDE ? " and " + (parts.size() - MOST_ASIDE) + " more" : "";
      out.wrap(
          "  - aside    ",
          13,
          Untrusted.clean(
              parts.stream()
                      .limit(MOST_ASIDE)
                      .map(part -> part.subject().inWords())
                      .collect(Collectors.joining(", "))
                  + more
                  + ": not part of the SPIRE that was examined (-v says why)"));
    }
  }

  private void findings(Report report) {
    List<List<Ranked>> causes = new ArrayList<>();
    for (Ranked ranked : report.findings()) {
      if (ranked.explainedBy().isEmpty() || causes.isEmpty()) {
        causes.add(new ArrayList<>());
      }
      causes.getLast().add(ranked);
    }
    heads.list(out.fit(causes, MOST_FINDINGS, this::cause).stream().map(List::getFirst).toList());
    unknown(report);
  }

  private void cause(List<Ranked> cause) {
    cause.stream().limit(1 + MOST_FOLDED).forEach(this::finding);
    if (cause.size() > 1 + MOST_FOLDED) {
      out.labelled("hence", "and more, see -o json");
    }
  }

  private void unknown(Report report) {
    Map<String, List<String>> unknown = new LinkedHashMap<>();
    report
        .unknown()
        .forEach(u -> unknown.computeIfAbsent(u.missing(), _ -> new ArrayList<>()).add(u.id()));
    Map<List<String>, List<String>> byRules = new LinkedHashMap<>();
    unknown.forEach(
        (missing, ids) -> byRules.computeIfAbsent(ids, _ -> new ArrayList<>()).add(missing));
    List<List<String>> rest =
        out.fit(
            List.copyOf(byRules.keySet()),
            Math.max(LEAST_UNKNOWN, MOST_LINES - out.count()),
            ids -> unknown(ids, byRules.getOrDefault(ids, List.of())));
    if (!rest.isEmpty()) {
      out.empty();
      Set<String> more = rest.stream().flatMap(List::stream).collect(Collectors.toSet());
      byRules.keySet().stream().filter(ids -> !rest.contains(ids)).forEach(more::removeAll);
      String counted = Words.counted(more.size(), "more check") + " (-o json shows all)";
      out.line(style.paint(Colour.YELLOW, "? " + counted));
    }
  }

  /** What missing things keep from being told. */
  private void unknown(List<String> ids, List<String> missing) {
    String head = ids.size() == 1 ? ids.getFirst() : Words.counted(ids.size(), "check");
    out.empty();
    out.line(style.paint(Colour.YELLOW, "? " + head));
    missing.stream()
        .limit(MANY)
        .forEach(one -> out.paragraph("Could not be told; missing: " + Untrusted.clean(one)));
    if (missing.size() > MANY) {
      out.paragraph("… and " + (missing.size() - MANY) + " more (-o json shows all)");
    }
    if (ids.size() > 1) {
      String rest = ids.size() > MANY ? " and " + (ids.size() - MANY) + " more" : "";
      out.labelled("hence", ids.stream().limit(MANY).collect(Collectors.joining(", ")) + rest);
    }
  }

  private void finding(Ranked ranked) {
    Finding finding = ranked.finding();
    if (ranked.explainedBy().isPresent()) {
      consequence(ranked);
      return;
    }
    cause = Optional.of(finding.subject());
    Subjects subjects = Subjects.of(ranked);
    out.empty();
    heads.heading(finding, subjects.headline());
    out.paragraph(Untrusted.clean(finding.summary()) + "." + doubt(finding.confidence()));
    finding
        .evidence()
        .forEach(
            quote ->
                out.labelled(
                    "seen",
                    Untrusted.clean(quote.source()) + ": " + Untrusted.clean(quote.text())));
    finding.managed().forEach(one -> out.labelled("where", Untrusted.clean(one.inWords()) + "."));
    finding.remedies().stream().map(Pasteable::of).forEach(this::remedy);
    subjects.others().ifPresent(names -> out.labelled("also", names));
    out.labelled("more", "spire-doctor explain " + finding.id());
  }

  /** Folded under its cause: fixing that fixes this. */
  private void consequence(Ranked ranked) {
    Finding finding = ranked.finding();
    boolean same = ranked.alike().isEmpty() && cause.equals(Optional.of(finding.subject()));
    out.labelled(
        "hence",
        finding.id()
            + (same ? "" : ", " + Subjects.of(ranked).total())
            + ": "
            + Untrusted.clean(finding.summary()));
  }

  private static String doubt(Confidence confidence) {
    return switch (confidence) {
      case CERTAIN -> "";
      case LIKELY -> " (likely)";
      case POSSIBLE -> " (possibly)";
    };
  }

  private void remedy(Remedy remedy) {
    out.labelled(
        "do", Untrusted.clean(remedy.summary()) + (remedy instanceof Remedy.Advice ? "." : ":"));
    // Never wrapped as words are: it is there to be copied.
    switch (remedy) {
      case Remedy.Command command -> out.command(command.command());
      case Remedy.EntryChange change -> out.command(change.command());
      case Remedy.Declaration declaration -> out.command(declaration.command());
      case Remedy.Patch patch -> out.copied(patch.yaml());
      case Remedy.Advice _ -> {}
    }
    Optional<EntryImpact> impact =
        switch (remedy) {
          case Remedy.EntryChange change -> change.impact();
          case Remedy.Declaration declaration -> declaration.impact();
          case Remedy.Command _, Remedy.Patch _, Remedy.Advice _ -> Optional.empty();
        };
    impact.map(EntryImpact::inWords).stream()
        .flatMap(List::stream)
        .forEach(sentence -> out.labelled("pods", Untrusted.clean(sentence)));
  }

  private void closing(Report report) {
    long errors = report.count(Severity.ERROR);
    long warnings = report.count(Severity.WARNING);
    String took = String.format("%.1f s", report.checked().took().toMillis() / 1000.0);
    String verdict =
        switch (report.verdict()) {
          case HEALTHY ->
              style.paint(
                  Colour.GREEN, warnings == 0 ? "✓ No problems found" : "✓ No errors found");
          case PROBLEMS -> style.paint(Colour.RED, "✗ " + Words.counted(errors, "error"));
          case UNKNOWN ->
              style.paint(
                  Colour.YELLOW,
                  report.unknown().isEmpty() && isBroken(report)
                      ? "? No rule explains what is marked ✗: if it is new, check again in a minute"
                      : "? Not everything could be told");
        };
    String more =
        (warnings > 0 ? ", " + Words.counted(warnings, "warning") : "")
            + (report.unknown().isEmpty() ? "" : ", " + report.unknown().size() + " unknown");
    out.empty();
    out.line(verdict + more + " (" + report.checked().rules() + " rules, " + took + ")");
  }

  private static boolean isBroken(Report report) {
    return report.path().stream().anyMatch(link -> link.state() == Link.State.BROKEN);
  }
}
