package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.APP;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.NS;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.SA;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.with;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.identity.Entry;

class EntryHintDuplicateTest {
  @Test
  void entryHintDuplicate() {
    Entry web = entry("e1", WEB, ALIAS, NS, SA, APP);
    Entry broad = entry("e2", "spiffe://example.org/all", ALIAS, NS);
    Entry hinted = with(web, web.createdAt(), "same");
    Finding found =
        Expect.first(
            "entry-hint-duplicate",
            ClusterScene.healthy().webEntry(hinted, with(broad, broad.createdAt(), "same")));
    assertThat(found.severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(found.evidence().toString()).contains(WEB).contains("spiffe://example.org/all");
    // The same identity twice: nothing is lost.
    Entry again = with(entry("e3", WEB, ALIAS, NS), web.createdAt(), "same");
    Expect.healthy(ClusterScene.healthy().webEntry(hinted, again));
    Expect.healthy(
        ClusterScene.healthy().webEntry(hinted, with(broad, broad.createdAt(), "other")));
  }
}
