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

class EntryParentAliasMissingTest {
  @Test
  void entryParentAliasMissing() {
    Finding missing =
        Expect.first(
            "entry-parent-alias-missing",
            ClusterScene.healthy().entries(entry("web", WEB, ALIAS, NS, SA, APP)));
    assertThat(command(missing))
        .contains("entry create -node -spiffeID " + ALIAS)
        .contains("-selector k8s_psat:cluster:demo");
    Finding other =
        Expect.first(
            "entry-parent-alias-missing",
            ClusterScene.healthy()
                .entries(
                    entry(
                        "alias",
                        ALIAS,
                        "spiffe://example.org/spire/server",
                        "k8s_psat:cluster:production"),
                    entry("web", WEB, ALIAS, NS, SA, APP)));
    assertThat(other.evidence().toString())
        .contains("k8s_psat:cluster:production, the agent has k8s_psat:cluster:demo");
    assertThat(command(other)).contains("entry update -entryID alias");
  }

  @Test
  void aParentThatIsASlipOfThePenIsCorrected() {
    Finding slip =
        Expect.first(
            "entry-parent-alias-missing",
            ClusterScene.healthy()
                .webEntry(entry("web", WEB, "spiffe://example.org/spire-agnet", NS, SA, APP)));
    assertThat(command(slip)).contains("entry update -entryID web").contains("-parentID " + ALIAS);
  }

  @Test
  void anAliasThatIsNobodysChildIsTold() {
    Finding cycle =
        Expect.first(
            "entry-parent-alias-missing",
            ClusterScene.healthy()
                .entries(
                    entry("alias", ALIAS, ALIAS, "k8s_psat:cluster:demo"),
                    entry("web", WEB, ALIAS, NS, SA, APP)));
    assertThat(cycle.summary()).contains("an entry whose own parent leads to no agent");
    assertThat(cycle.evidence().toString()).contains("its own parent is " + ALIAS);
    assertThat(command(cycle)).contains("entry create -node -spiffeID " + ALIAS);
  }
}
