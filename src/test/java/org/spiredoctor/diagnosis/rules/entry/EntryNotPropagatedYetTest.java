package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.APP;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.NS;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.SA;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.deniedThenServedAfter;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.with;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.identity.Entry;

class EntryNotPropagatedYetTest {
  @Test
  void entryNotPropagatedYet() {
    Entry web = entry("e1", WEB, ALIAS, NS, SA, APP);
    Finding found =
        Expect.first(
            "entry-not-propagated-yet",
            ClusterScene.healthy().webEntry(with(web, Optional.of(NOW.minusSeconds(14)), "")));
    assertThat(found.severity()).isEqualTo(Finding.Severity.WARNING);
    // No more than a note: nothing is known to be wrong.
    assertThat(found.confidence()).isEqualTo(Finding.Confidence.POSSIBLE);
    assertThat(
            ClusterScene.healthy()
                .webEntry(with(web, Optional.of(NOW.minusSeconds(14)), ""))
                .report()
                .verdict())
        .isEqualTo(Report.Verdict.HEALTHY);
    Expect.healthy(
        ClusterScene.healthy().webEntry(with(web, Optional.of(NOW.minusSeconds(15)), "")));
    Expect.healthy(ClusterScene.healthy().webEntry(with(web, Optional.empty(), "")));
  }

  @Test
  void entryNotPropagatedYetInThePod() {
    assertThat(
            Expect.first("entry-not-propagated-yet", deniedThenServedAfter(Duration.ofSeconds(8)))
                .severity())
        .isEqualTo(Severity.WARNING);
  }
}
