package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.AGENT;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.APP;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.NS;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.SA;
import static org.spiredoctor.diagnosis.rules.entry.EntryScenes.command;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.kube.Kind;

class EntrySelectorMismatchTest {
  private static void expectServed(String id, Entry payments) {
    ClusterScene scene =
        ClusterScene.healthy()
            .webEntry(entry("web", WEB, ALIAS, NS, SA, APP), payments)
            .askingFor("apps", "web")
            .expecting("spiffe://example.org/payments");
    Finding found = Expect.first(id, scene);
    assertThat(found.summary())
        .startsWith(
            "The pod has the identity " + WEB + ", by entry web, not spiffe://example.org/");
    assertThat(scene.report().toString()).doesNotContain("no identity", "No entry matches");
    assertThat(scene.report().path().toString()).contains("is " + WEB);
  }

  /** Whatever keeps the other from it. */
  @Test
  void whyAnIdentityIsNotGivenIsSaidBesideTheOneThatIs() {
    String id = "spiffe://example.org/payments";
    expectServed("entry-selector-mismatch", entry("p", id, ALIAS, NS, SA, "k8s:pod-label:app:wep"));
    expectServed("entry-selector-mismatch", entry("p", id, ALIAS, NS, SA, APP, "acme:tier:gold"));
    expectServed("entry-container-scoped", entry("p", id, ALIAS, NS, SA, "k8s:container-name:db"));
    expectServed(
        "entry-parent-unknown", entry("p", id, AGENT.replace("node-uid-1", "old"), NS, SA, APP));
    expectServed(
        "entry-parent-alias-missing",
        entry("p", id, "spiffe://example.org/other-alias", NS, SA, APP));
    Entry live = entry("p", id, ALIAS, NS, SA, APP);
    expectServed(
        "entry-expired",
        new Entry(
            live.id(),
            id,
            ALIAS,
            live.selectors(),
            Optional.of(NOW.minusSeconds(60)),
            live.createdAt(),
            false,
            false,
            "",
            List.of(),
            Entry.Settings.NONE));
  }

  @Test
  void entrySelectorMismatch() {
    Finding found =
        Expect.first(
            "entry-selector-mismatch",
            ClusterScene.healthy()
                .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:pod-label:app:wep")));
    assertThat(found.confidence()).isEqualTo(Confidence.LIKELY);
    assertThat(found.evidence().toString())
        .contains("k8s:pod-label:app:wep, the pod has k8s:pod-label:app:web");
    assertThat(command(found))
        .contains(
            " entry update -entryID e1 -spiffeID "
                + WEB
                + " -parentID "
                + ALIAS
                + " -selector k8s:ns:apps -selector k8s:pod-label:app:web -selector"
                + " k8s:sa:default");
    Expect.first(
        "entry-selector-mismatch",
        ClusterScene.healthy().webEntry(entry("e1", WEB, ALIAS, "k8s:ns:app", SA, APP)));
    Expect.first(
        "entry-selector-mismatch",
        ClusterScene.healthy().webEntry(entry("e1", WEB, ALIAS, NS, "k8s:sa:web-sa", APP)));
  }

  /** The same name in another registry is another image. */
  @Test
  void anEntryForAnotherRegistrysImageIsAMismatch() {
    for (String subject : List.of("k8s:container-image:", "k8s:pod-image:")) {
      Finding found =
          Expect.first(
              "entry-selector-mismatch",
              ClusterScene.healthy()
                  .webEntry(entry("e1", WEB, ALIAS, NS, SA, subject + "registry.test/web:1")));
      assertThat(found.confidence()).isEqualTo(Confidence.POSSIBLE);
      assertThat(found.evidence().toString())
          .contains(subject + "registry.test/web:1, the pod has " + subject + "web:1");
      assertThat(command(found)).contains("entry create").doesNotContain(WEB + " ");
    }
  }

  @Test
  void whatOnlyTheAgentSeesIsUnknown() {
    ClusterScene untold =
        ClusterScene.healthy().webEntry(entry("web", WEB, ALIAS, NS, SA, "unix:uid:1000"));
    assertThat(untold.report().findings()).isEmpty();
    assertThat(untold.report().verdict()).isEqualTo(Report.Verdict.UNKNOWN);
    assertThat(untold.report().unknown().toString()).contains("has unix:uid:1000");
    Expect.healthy(
        ClusterScene.healthy()
            .webEntry(entry("web", WEB, ALIAS, NS, SA, "unix:uid:1000"))
            .merge(Kind.POD, "web", "/spec", "{securityContext: {runAsUser: 1000}}"));
    Finding other =
        Expect.first(
            "entry-selector-mismatch",
            ClusterScene.healthy()
                .webEntry(entry("web", WEB, ALIAS, NS, SA, "unix:uid:1000"))
                .merge(Kind.POD, "web", "/spec", "{securityContext: {runAsUser: 1000}}")
                .merge(
                    Kind.POD,
                    "web",
                    "/spec/containers/0",
                    "{securityContext: {runAsUser: 65532}}"));
    assertThat(command(other)).contains("-selector unix:uid:65532");
  }

  /** What register declares is corrected there; of a test run it is for the tests' pod. */
  @Test
  void anEntryThatIsDeclaredIsNotChangedByHand() {
    Entry declared =
        entry("e1", WEB, ALIAS, NS, SA, "k8s:pod-label:app:payments")
            .named("e1", EntryOwner.ofRun("apps", "spire-integration-test").hint(WEB));
    Finding found =
        Expect.first("entry-selector-mismatch", ClusterScene.healthy().webEntry(declared));
    assertThat(command(found)).contains("entry create").contains("k8s:pod-label:app:web");
    assertThat(found.remedies())
        .noneMatch(remedy -> remedy.toString().contains("entry update"))
        .extracting(Remedy::summary)
        .contains(
            "The entry e1 ("
                + WEB
                + ") is not changed: it was created by spire-doctor for apps.spire-integration-test;"
                + " if it was meant for the pod, correct it where it is declared");
  }

  @Test
  void theAttestorsSettingsCount() {
    String labels =
        "plugins { WorkloadAttestor \"k8s\" { plugin_data { enable_namespace_labels = true } } }";
    ClusterScene labelled =
        ClusterScene.healthy()
            .webEntry(entry("web", WEB, ALIAS, NS, "k8s:ns-label:team:shop"))
            .merge(Kind.NAMESPACE, "apps", "/metadata", "{labels: {team: shop}}");
    Expect.first("entry-selector-mismatch", labelled);
    Expect.healthy(labelled.agentConfig(labels));
    ClusterScene scoped =
        ClusterScene.healthy().webEntry(entry("web", WEB, ALIAS, NS, SA, "k8s:container-name:app"));
    Expect.healthy(scoped);
    assertThat(
            scoped
                .agentConfig(
                    labels.replace("enable_namespace_labels", "disable_container_selectors"))
                .report()
                .verdict())
        .isEqualTo(Report.Verdict.PROBLEMS);
  }

  @Test
  void aCorrectedEntryMeansNoMorePodsThanBefore() {
    Finding owner =
        Expect.first(
            "entry-selector-mismatch",
            ClusterScene.healthy()
                .webEntry(entry("web", WEB, ALIAS, NS, "k8s:pod-owner:ReplicaSet:web-5d")));
    assertThat(command(owner)).contains("-selector " + SA).contains("-selector " + APP);
    Finding process =
        Expect.first(
            "entry-selector-mismatch",
            ClusterScene.healthy()
                .webEntry(
                    entry("web", WEB, ALIAS, NS, SA, "k8s:pod-label:app:wep", "unix:uid:1000")));
    assertThat(command(process)).contains("-selector unix:uid:1000");
  }
}
