package org.spiredoctor.cli;

import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.report.JsonReport;
import org.spiredoctor.report.Style;
import org.spiredoctor.report.TextReport;
import org.spiredoctor.report.YamlReport;

/** How a report is written; called as on the command line. */
enum ReportFormat {
  text,
  json,
  yaml;

  String render(Report report, Style style) {
    return switch (this) {
      case json -> JsonReport.render(report);
      case yaml -> YamlReport.render(report);
      case text -> TextReport.render(report, style);
    };
  }
}
