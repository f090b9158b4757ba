package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.NS;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.SA;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.command;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class EntryImageCountChangedTest {
  @Test
  void entryImageCountChanged() {
    Finding found =
        Expect.first(
            "entry-image-count-changed",
            ClusterScene.healthy()
                .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:pod-init-image-count:1")));
    assertThat(command(found)).contains("k8s:pod-init-image-count:0");
  }
}
