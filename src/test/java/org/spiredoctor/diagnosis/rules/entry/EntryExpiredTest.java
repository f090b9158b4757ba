package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.command;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.special;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;

class EntryExpiredTest {
  @Test
  void entryExpired() {
    Finding found =
        Expect.first(
            "entry-expired",
            ClusterScene.healthy()
                .webEntry(special(Optional.of(NOW.minusSeconds(60)), false, "web")));
    assertThat(command(found)).contains("entry update").doesNotContain("entryExpiry");
    Expect.healthy(
        ClusterScene.healthy().webEntry(special(Optional.of(NOW.plusSeconds(60)), false, "web")));
  }
}
