package org.spiredoctor.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.spiredoctor.diagnosis.Report;

/** Reports as they are printed. */
public final class ReportTexts {
  private ReportTexts() {}

  /** On lines that are never broken. */
  public static String text(Report report) {
    return TextReport.render(report, new Style(false, true, 10_000));
  }

  public static JsonNode json(Report report) {
    try {
      return new ObjectMapper().readTree(JsonReport.render(report));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
