package org.spiredoctor.cli.options;

import org.spiredoctor.report.ReportFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The names of formats, and the other extension of YAML files. */
public final class ReportFormatConverter implements ITypeConverter<ReportFormat> {
  @Override
  public ReportFormat convert(String text) {
    return switch (text) {
      case "text" -> ReportFormat.text;
      case "json" -> ReportFormat.json;
      case "yaml", "yml" -> ReportFormat.yaml;
      default -> throw new TypeConversionException("'" + text + "' is not text, json or yaml");
    };
  }
}
