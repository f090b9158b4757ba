package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.kube.Kind;

/** What all rules make of a layout. */
final class LayoutReports {
  private LayoutReports() {}

  static void healthy(ClusterScene scene) {
    Report report = scene.report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.HEALTHY);
  }

  static String first(ClusterScene scene) {
    return scene.report().findings().getFirst().finding().id();
  }

  static ClusterScene at(String address) {
    return Layouts.chart().set(Kind.POD, "web", "/spec/containers/0/env/0/value", address);
  }
}
