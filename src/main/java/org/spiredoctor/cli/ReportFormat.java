package org.spiredoctor.cli;

import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.report.JsonReport;
import org.spiredoctor.report.Style;
import org.spiredoctor.report.TextReport;
import org.spiredoctor.report.YamlReport;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How a report is written; called as on the command line. */
enum ReportFormat {
  text,
  json,
  yaml;

  /** The names of formats, and the other extension of YAML files. */
  static final class Converter implements ITypeConverter<ReportFormat> {
    @Override
    public ReportFormat convert(String text) {
      return switch (text) {
        case "text" -> ReportFormat.text;
        case "json" -> json;
        case "yaml", "yml" -> yaml;
        default -> throw new TypeConversionException("'" + text + "' is not text, json or yaml");
      };
    }
  }

  String render(Report report, Style style) {
    return switch (this) {
      case json -> JsonReport.render(report);
      case yaml -> YamlReport.render(report);
      case text -> TextReport.render(report, style);
    };
  }
}
