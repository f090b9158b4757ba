package org.spiredoctor.report;

import org.spiredoctor.diagnosis.Report;

/** How a report is written; called as on the command line. */
public enum ReportFormat {
  text,
  json,
  yaml;

  /** The report in it. */
  public String render(Report report, Style style) {
    return switch (this) {
      case json -> JsonReport.render(report);
      case yaml -> YamlReport.render(report);
      case text -> TextReport.render(report, style);
    };
  }
}
