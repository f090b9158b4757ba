package org.spiredoctor.evidence.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.report.JsonReport;
import org.spiredoctor.report.Style;
import org.spiredoctor.report.TextReport;

/** A bundle, read, diagnosed and reported. */
public final class FuzzedBundle {
  private FuzzedBundle() {}

  /** Reads it, whatever it is. */
  public static void fuzzerTestOneInput(byte[] data) {
    Snapshot snapshot;
    try {
      snapshot = Bundle.read(new ByteArrayInputStream(data), 1 << 20);
    } catch (IOException e) {
      return;
    }
    ClusterQuery query =
        new ClusterQuery(
            new ClusterQuery.Pods.WithSocket(Optional.empty()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            true,
            true);
    Report report =
        Diagnosis.examine(new ClusterCase(ClusterEvidence.of(snapshot, query)), Rules.all());
    TextReport.render(report, new Style(false, true, 80));
    JsonReport.render(report);
    report.unknown().stream()
        .filter(unknown -> unknown.missing().startsWith("what this rule says, for it failed"))
        .findFirst()
        .ifPresent(
            unknown -> {
              throw new IllegalStateException(unknown.id() + ": " + unknown.missing());
            });
  }
}
