package org.spiredoctor.diagnosis.rules.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Report.Undetermined;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.kube.Kind;

class ObjectUnreadableTest {
  @Test
  void objectUnreadable() {
    ClusterScene scene = ClusterScene.healthy().edit(Kind.POD, "web", pod -> rename(pod, "--all"));
    Report report = scene.report();
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown())
        .extracting(Undetermined::missing)
        .contains(
            "readable pods: 1 object was ignored because Kubernetes could not hold it"
                + " (apps/--all: its name is --all)");
  }

  private static void rename(ObjectNode object, String name) {
    ((ObjectNode) object.path("metadata")).put("name", name);
  }
}
