package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Report.Ranked;
import org.spiredoctor.diagnosis.Scene;

/** What all rules together make of a scene. */
public final class Expect {
  private Expect() {}

  /** The finding comes first, and nothing stands beside it but what it explains. */
  public static Finding first(String id, Scene scene) {
    return first(id, scene.report());
  }

  /** The same for a cluster. */
  public static Finding first(String id, ClusterScene scene) {
    return first(id, scene.report());
  }

  private static Finding first(String id, Report report) {
    assertThat(report.findings()).as("findings of %s", report).isNotEmpty();
    assertThat(report.findings().getFirst().finding().id()).isEqualTo(id);
    assertThat(report.findings().stream().skip(1).filter(r -> r.explainedBy().isEmpty()))
        .as("unexplained findings beside %s", id)
        .isEmpty();
    return report.findings().getFirst().finding();
  }

  /** The finding is there, wherever. */
  public static Finding among(String id, Scene scene) {
    return scene.report().findings().stream()
        .map(Ranked::finding)
        .filter(finding -> finding.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError(id + " not in " + scene.report().findings()));
  }

  /** Nothing is found. */
  public static void healthy(Scene scene) {
    healthy(scene.report());
  }

  /** The same for a cluster. */
  public static void healthy(ClusterScene scene) {
    healthy(scene.report());
  }

  /** Nothing is found, but a rule cannot tell. */
  public static void unknown(String id, ClusterScene scene) {
    Report report = scene.report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown()).extracting(Report.Undetermined::id).containsOnly(id);
    assertThat(report.verdict()).isEqualTo(Report.Verdict.UNKNOWN);
  }

  private static void healthy(Report report) {
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Report.Verdict.HEALTHY);
  }

  /** The command that is offered first. */
  public static String command(Finding finding) {
    return ((Remedy.Command) finding.remedies().getFirst()).command();
  }

  /** All that is offered to be pasted. */
  public static List<String> commands(Finding finding) {
    return finding.remedies().stream().map(Remedy::block).filter(b -> !b.isEmpty()).toList();
  }
}
