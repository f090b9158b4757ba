package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.AGENT;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;
import static org.spiredoctor.diagnosis.OfferedRemedies.APP;
import static org.spiredoctor.diagnosis.OfferedRemedies.NS;
import static org.spiredoctor.diagnosis.OfferedRemedies.SA;
import static org.spiredoctor.diagnosis.OfferedRemedies.SLIP;
import static org.spiredoctor.diagnosis.OfferedRemedies.admin;
import static org.spiredoctor.diagnosis.OfferedRemedies.applied;
import static org.spiredoctor.diagnosis.OfferedRemedies.change;
import static org.spiredoctor.diagnosis.OfferedRemedies.commands;
import static org.spiredoctor.diagnosis.OfferedRemedies.consent;
import static org.spiredoctor.diagnosis.OfferedRemedies.first;
import static org.spiredoctor.diagnosis.OfferedRemedies.named;
import static org.spiredoctor.diagnosis.OfferedRemedies.pod;
import static org.spiredoctor.diagnosis.OfferedRemedies.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.FixPolicy.Consent;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.report.ReportTexts;

/** What {@code --fix} does by itself, and what it asks about. */
class FixConsentTest {
  private static final String SERVER = "spiffe://example.org/spire/server";

  @Test
  void anEntryIsCreatedOnlyForWhoIsNamed() {
    assertThat(consent(healthy().webEntry())).isEqualTo(Consent.SHOWN);
    assertThat(consent(healthy().webEntry().askingFor("apps", "web"))).isEqualTo(Consent.SHOWN);
    assertThat(consent(healthy().webEntry().expecting(WEB))).isEqualTo(Consent.SHOWN);
    assertThat(consent(named(healthy().webEntry()))).isEqualTo(Consent.YES);
    assertThat(
            consent(
                healthy()
                    .webEntry()
                    .expecting(WEB)
                    .asking(new ClusterQuery.Pods.Labelled(Optional.of("apps"), "app=web"))))
        .isEqualTo(Consent.YES);
    // Somebody else's pod would be given it too.
    assertThat(consent(named(healthy().webEntry().object(Kind.POD, pod("other", "web")))))
        .isEqualTo(Consent.SHOWN);
  }

  @Test
  void anEntryIsRefittedOnlyForWhoIsNamed() {
    Entry slip = entry("e1", WEB, ALIAS, NS, SA, SLIP);
    assertThat(consent(healthy().webEntry(slip))).isEqualTo(Consent.SHOWN);
    assertThat(consent(named(healthy().webEntry(slip)))).isEqualTo(Consent.YES);
    // Far from it: only possibly meant.
    Entry far = entry("e1", WEB, ALIAS, NS, SA, "k8s:pod-label:app:database");
    assertThat(consent(named(healthy().webEntry(far)))).isEqualTo(Consent.SHOWN);
  }

  @Test
  void aMissingAliasOfOwnAgentsIsMade() {
    Entry web = entry("web", WEB, ALIAS, NS, SA, APP);
    assertThat(consent(healthy().entries(web))).isEqualTo(Consent.YES);
    Entry below = admin(entry("admin", "spiffe://example.org/admin", ALIAS, "k8s:ns:none"));
    assertThat(consent(healthy().entries(web, below))).isEqualTo(Consent.SHOWN);
    // A node of the same name in another cluster.
    assertThat(
            applied(
                healthy()
                    .entries(web)
                    .attested(
                        ClusterScene.agent(
                            AGENT.replace("node-uid-1", "elsewhere"), "node-1", "elsewhere"))))
        .isEmpty();
    Entry production = entry("alias", ALIAS, SERVER, "k8s_psat:cluster:production");
    assertThat(consent(healthy().entries(production, web))).isEqualTo(Consent.SHOWN);
    // A slip of the pen is a change of an entry, whoever is meant.
    assertThat(
            consent(
                healthy()
                    .webEntry(entry("web", WEB, "spiffe://example.org/spire-agnet", NS, SA, APP))))
        .isEqualTo(Consent.SHOWN);
  }

  @Test
  void anAliasOfOtherAgentsStaysTheirs() {
    Entry production = entry("alias", ALIAS, SERVER, "k8s_psat:cluster:production");
    ClusterScene scene =
        healthy()
            .entries(production, entry("web", WEB, ALIAS, NS, SA, APP))
            .attested(
                ClusterScene.agent(AGENT, "node-1", "node-uid-1"),
                new org.spiredoctor.identity.Agent(
                    "spiffe://example.org/spire/agent/k8s_psat/production/p",
                    "k8s_psat",
                    entry("", "", "", "k8s_psat:cluster:production").selectors(),
                    false,
                    true,
                    Optional.of(NOW.plusSeconds(600)),
                    Optional.empty()));
    assertThat(commands(first(scene))).noneMatch(command -> command.contains("entry update"));
    assertThat(commands(first(scene))).noneMatch(command -> command.contains("-entryID alias"));
    assertThat(applied(scene)).isEmpty();
  }

  @Test
  void anExpiredEntryIsExtendedWhenSomebodyAgrees() {
    Entry expired =
        with(entry("e", WEB, ALIAS, NS, SA, APP), Optional.of(NOW.minusSeconds(60)), false, false);
    assertThat(consent(healthy().webEntry(expired))).isEqualTo(Consent.ASK);
    assertThat(first(healthy().webEntry(expired)).remedies().getFirst().summary())
        .contains("expired at 2026-01-02T03:03:05Z");
    assertThat(consent(named(healthy().webEntry(expired)))).isEqualTo(Consent.YES);
  }

  /** Listed or not, somebody else's pod has what the entry asks for. */
  @Test
  void whereNotAllPodsAreListedNothingIsMadeThatMayConcernOthers() {
    Entry wide =
        with(entry("e1", WEB, ALIAS, APP), Optional.of(NOW.minusSeconds(60)), false, false);
    ClusterScene scene =
        named(
            healthy()
                .webEntry(wide)
                .object(Kind.POD, pod("theirs", "web").replace("apps", "team-b"))
                .podsOf("apps", "spire-system"));
    Finding found = first(scene);
    FixPolicy.Decision decision = FixPolicy.decide(found, change(found));
    assertThat(decision.consent()).isEqualTo(Consent.SHOWN);
    assertThat(decision.why()).contains("in other namespaces is not known");
    assertThat(ReportTexts.text(scene.report()))
        .contains("Served to 0 pods now, to 1 after: +1 -0, counted in namespaces")
        .contains("apps, spire-system only");
    JsonNode remedy = ReportTexts.json(scene.report()).at("/findings/0/remedies/0");
    assertThat(remedy.path("fix").asText()).isEqualTo("shown");
    assertThat(remedy.at("/impact/namespaces")).hasSize(2);
    // Pods of other namespaces are not concerned.
    Entry own = entry("e1", WEB, ALIAS, NS, SA, SLIP);
    ClusterScene bound = named(healthy().webEntry(own).podsOf("apps", "spire-system"));
    assertThat(consent(bound)).isEqualTo(Consent.YES);
    assertThat(ReportTexts.text(bound.report())).doesNotContain("counted in namespaces");
    Entry others = entry("others", WEB + "2", ALIAS, "k8s:sa:default");
    Entry web = entry("web", WEB, ALIAS, NS, SA, APP);
    assertThat(consent(healthy().entries(web, others).podsOf("apps", "spire-system")))
        .isEqualTo(Consent.SHOWN);
    assertThat(consent(healthy().entries(web).podsOf("apps", "spire-system")))
        .isEqualTo(Consent.YES);
  }

  @Test
  void anAliasThatServesOthersTooIsMadeWhenSomebodyAgrees() {
    Entry web = entry("web", WEB, ALIAS, NS, SA, APP);
    Entry root = entry("root", "spiffe://example.org/payments/root", ALIAS, "k8s:ns:payments");
    String theirs = pod("api-0", "api").replace("apps", "payments");
    ClusterScene scene = healthy().entries(web, root).object(Kind.POD, theirs);
    assertThat(consent(scene)).isEqualTo(Consent.YES);
    assertThat(consent(scene.askingFor("apps", "web"))).isEqualTo(Consent.ASK);
    assertThat(consent(scene.asking(new ClusterQuery.Pods.WithSocket(Optional.of("apps")))))
        .isEqualTo(Consent.ASK);
    assertThat(consent(scene.asking(new ClusterQuery.Pods.Labelled(Optional.empty(), "app=web"))))
        .isEqualTo(Consent.ASK);
    Finding found = first(scene);
    assertThat(FixPolicy.decide(found, change(found)).why())
        .contains("it also serves pods that you did not ask about");
    assertThat(consent(healthy().entries(web).askingFor("apps", "web"))).isEqualTo(Consent.YES);
    assertThat(
            consent(
                healthy()
                    .entries(web)
                    .asking(new ClusterQuery.Pods.WithSocket(Optional.of("apps")))))
        .isEqualTo(Consent.YES);
  }

  @Test
  void whoGainsAndLosesIsSaid() {
    ClusterScene scene =
        healthy()
            .webEntry(entry("e1", WEB, ALIAS, NS, SLIP))
            .object(Kind.POD, pod("other", "web"))
            .askingFor("apps", "web");
    assertThat(ReportTexts.text(scene.report()))
        .contains("Served to 0 pods now, to 2 after: +2 -0")
        .contains("Gains " + WEB + ": apps/other, apps/web");
    JsonNode remedy = ReportTexts.json(scene.report()).at("/findings/0/remedies/0");
    assertThat(remedy.path("fix").asText()).isEqualTo("shown");
    assertThat(remedy.at("/impact/before").asInt()).isZero();
    assertThat(remedy.at("/impact/after").asInt()).isEqualTo(2);
    assertThat(remedy.at("/impact/gains/1/pod").asText()).isEqualTo("apps/web");
    assertThat(remedy.at("/impact/gains/1/spiffeId").asText()).isEqualTo(WEB);
    assertThat(remedy.at("/impact/losses").isArray()).isTrue();
    assertThat(remedy.at("/impact/losses")).isEmpty();
  }
}
