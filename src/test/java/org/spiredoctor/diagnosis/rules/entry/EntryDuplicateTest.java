package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.APP;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.NS;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.SA;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.with;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.identity.Entry;

class EntryDuplicateTest {
  @Test
  void entryDuplicate() {
    Entry one = entry("e1", WEB, ALIAS, NS, SA, APP);
    Entry same = with(entry("e2", WEB, ALIAS, NS, SA, APP), Optional.of(NOW.minusSeconds(600)), "");
    Finding found = Expect.first("entry-duplicate", ClusterScene.healthy().webEntry(same, one));
    assertThat(found.severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(((Remedy.Command) found.remedies().getFirst()).command())
        .endsWith("entry delete -entryID e2");
    Finding hinted =
        Expect.first(
            "entry-duplicate",
            ClusterScene.healthy().webEntry(one, with(same, same.createdAt(), "internal")));
    assertThat(hinted.evidence().toString()).contains("hint none").contains("hint internal");
    assertThat(hinted.summary()).contains("differ");
    Expect.healthy(
        ClusterScene.healthy()
            .webEntry(
                entry("web", WEB, ALIAS, NS, SA, APP),
                entry("x1", "spiffe://example.org/x", ALIAS, "k8s:ns:x"),
                entry("x2", "spiffe://example.org/x", ALIAS, "k8s:ns:x"))
            .askingFor("apps", "web"));
  }
}
