package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.AGENT;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.APP;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.NS;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.SA;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.command;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class EntryParentUnknownTest {
  @Test
  void entryParentUnknown() {
    String gone = AGENT.replace("node-uid-1", "old");
    Finding found =
        Expect.first(
            "entry-parent-unknown",
            ClusterScene.healthy().webEntry(entry("web", WEB, gone, NS, SA, APP)));
    assertThat(found.summary()).contains("no longer exists");
    assertThat(command(found)).contains("-parentID " + ALIAS);
    assertThat(
            Expect.first(
                    "entry-parent-unknown",
                    ClusterScene.healthy()
                        .copy(Kind.NODE, "node-1", "old")
                        .attested(
                            ClusterScene.agent(AGENT, "node-1", "node-uid-1"),
                            ClusterScene.agent(gone, "old", "old"))
                        .webEntry(entry("web", WEB, gone, NS, SA, APP)))
                .summary())
        .contains("another node");
  }
}
