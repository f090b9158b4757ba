package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
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

class EntryTrustDomainForeignTest {
  @Test
  void entryTrustDomainForeign() {
    Finding found =
        Expect.first(
            "entry-trust-domain-foreign",
            ClusterScene.healthy()
                .webEntry(
                    entry(
                        "web",
                        "spiffe://other.org/web",
                        "spiffe://other.org/spire-agent",
                        NS,
                        SA,
                        APP)));
    assertThat(command(found)).contains("entry create -spiffeID " + WEB + " -parentID " + ALIAS);
  }
}
