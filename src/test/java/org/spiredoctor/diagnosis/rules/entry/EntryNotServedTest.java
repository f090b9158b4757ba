package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.command;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.special;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class EntryNotServedTest {
  @Test
  void entryNotServed() {
    Finding found =
        Expect.first(
            "entry-not-served",
            ClusterScene.healthy().webEntry(special(Optional.empty(), true, "web")));
    assertThat(command(found)).contains("entry update").doesNotContain("-storeSVID");
  }
}
