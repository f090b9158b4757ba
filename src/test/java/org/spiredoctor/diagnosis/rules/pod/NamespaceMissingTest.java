package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class NamespaceMissingTest {
  @Test
  void namespaceMissing() {
    Finding found =
        Expect.first("namespace-missing", ClusterScene.healthy().askingFor("app", "web"));
    assertThat(found.summary()).isEqualTo("There is no namespace app; the nearest is apps");
  }
}
