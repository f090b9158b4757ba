package org.spiredoctor.diagnosis.rules.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Report.Undetermined;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.evidence.cluster.Observed;

class ObservationFailedTest {
  @Test
  void observationFailed() {
    Report report =
        ClusterScene.healthy()
            .logUnseen("spire-system", "spire-agent-x1y2z", "spire-agent", Observed.Reason.FAILED)
            .report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown())
        .contains(
            new Undetermined(
                "observation-failed",
                "the log of container spire-agent of spire-system/spire-agent-x1y2z: get pods/log"
                    + " in namespace spire-system: 403 pods/log; see kubectl logs -n spire-system"
                    + " spire-agent-x1y2z -c spire-agent"));
  }

  /** Of a hundred kubelets out of reach each answers with its own address. */
  @Test
  void logsThatFailAlikeAreSaidOnce() {
    ClusterScene scene = ClusterScene.healthy();
    for (int i = 0; i < 20; i++) {
      scene.logUnseen("spire-system", "spire-agent-" + i, "spire-agent", Observed.Reason.FAILED);
    }
    assertThat(scene.report().unknown())
        .filteredOn(one -> one.id().equals("observation-failed"))
        .singleElement()
        .satisfies(
            one ->
                assertThat(one.missing())
                    .startsWith(
                        "the log of container spire-agent of spire-system/spire-agent-0 and 19 more"
                            + " pods: get pods/log"));
  }

  /** What was not read may hold them: whoever stops the check has not found out that none does. */
  @Test
  void settingsThatWereNotReadAreNotSaidToBeNowhere() {
    String unknown = "so that it is not known where its socket is and which pods use it";
    assertThat(settings(ClusterScene.healthy().configMap("spire-agent", "other.txt", "none")))
        .contains("no config map that its pods mount holds it, " + unknown);
    assertThat(
            settings(
                ClusterScene.healthy().configMapUnseen("spire-agent", Observed.Reason.NOT_ASKED)))
        .contains("not all config maps that its pods mount were read, " + unknown);
  }

  private static String settings(ClusterScene scene) {
    return scene.report().unknown().stream()
        .filter(one -> one.id().equals("observation-failed"))
        .map(Undetermined::missing)
        .filter(missing -> missing.startsWith("the configuration of "))
        .findFirst()
        .orElseThrow();
  }
}
