package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.AGENT;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Remedy.EntryChange;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryImpact;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.kube.Kind;

/** Each rule of {@code diagnosis.rules.entry} that looks at a cluster. */
class ClusterEntryRulesTest {
  private static final String NS = "k8s:ns:apps";
  private static final String SA = "k8s:sa:default";
  private static final String APP = "k8s:pod-label:app:web";

  private static String command(Finding finding) {
    return ((Remedy.EntryChange) finding.remedies().getFirst()).command();
  }

  @Test
  void aHealthyClusterHasNoFinding() {
    Expect.healthy(ClusterScene.healthy());
  }

  /** It is not without one because it has not the one that was asked for. */
  @Test
  void whoHasAnotherIdentityIsNotWithoutOne() {
    ClusterScene scene =
        ClusterScene.healthy().askingFor("apps", "web").expecting("spiffe://example.org/payments");
    Finding found = Expect.first("entry-missing", scene);
    assertThat(found.summary())
        .isEqualTo(
            "The pod has the identity spiffe://example.org/web, by entry web, not"
                + " spiffe://example.org/payments. No entry for spiffe://example.org/payments"
                + " matches the pod");
    assertThat(scene.report().findings()).hasSize(1);
  }

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
  void entryMissing() {
    Finding found = Expect.first("entry-missing", ClusterScene.healthy().webEntry());
    assertThat(command(found))
        .isEqualTo(
            "kubectl exec -n spire-system spire-server-0 -c spire-server --"
                + " /opt/spire/bin/spire-server entry create -spiffeID"
                + " spiffe://example.org/ns/apps/sa/default -parentID "
                + ALIAS
                + " -selector k8s:ns:apps -selector k8s:pod-label:app:web -selector"
                + " k8s:sa:default");
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

  @Test
  void entryContainerScoped() {
    Expect.first(
        "entry-container-scoped",
        ClusterScene.healthy()
            .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:container-name:worker")));
    Finding init =
        Expect.first(
            "entry-container-scoped",
            ClusterScene.healthy()
                .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:container-name:app"))
                .set(
                    Kind.POD,
                    "web",
                    "/spec/initContainers",
                    "[{name: wait, image: spire-doctor, volumeMounts: [{name: spire, mountPath: /s}]}]"));
    assertThat(init.summary()).contains("init container wait");
    assertThat(command(init)).contains("entry create").contains("k8s:container-name:wait");
  }

  @Test
  void entryImageCountChanged() {
    Finding found =
        Expect.first(
            "entry-image-count-changed",
            ClusterScene.healthy()
                .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:pod-init-image-count:1")));
    assertThat(command(found)).contains("k8s:pod-init-image-count:0");
  }

  @Test
  void entryImageTagAmbiguous() {
    for (String image : List.of("web:latest", "docker.io/library/web:2", "index.docker.io/web:1")) {
      Finding found =
          Expect.first(
              "entry-image-tag-ambiguous",
              ClusterScene.healthy()
                  .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:container-image:" + image)));
      assertThat(command(found))
          .contains("entry update -entryID e1", "-selector k8s:container-image:web:1");
    }
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

  @Test
  void anEntryThatServesOthersIsLeftToThem() {
    Finding slip =
        Expect.first(
            "entry-selector-mismatch",
            ClusterScene.healthy()
                .object(
                    Kind.POD,
                    """
                    {metadata: {name: web2, namespace: apps, uid: pod-uid-2, labels: {app: wbe}},
                     spec: {nodeName: node-1, serviceAccountName: default,
                       containers: [{name: app, image: "web:1",
                         env: [{name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///s/api.sock"}],
                         volumeMounts: [{name: spire, mountPath: /s}]}],
                       volumes: [{name: spire, hostPath: {path: /run/spire/sockets}}]},
                     status: {phase: Running, conditions: [{type: Ready, status: "True"}]}}
                    """));
    assertThat(command(slip)).contains("entry create").contains("k8s:pod-label:app:wbe");
  }

  private static ClusterScene twoPods(String entrysLabel, String secondsLabel) {
    return ClusterScene.healthy()
        .copy(Kind.POD, "web", "two")
        .set(Kind.POD, "two", "/metadata/labels", "{app: " + secondsLabel + "}")
        .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:pod-label:app:" + entrysLabel));
  }

  private static List<Finding> mismatches(ClusterScene scene) {
    return scene.report().findings().stream()
        .map(Report.Ranked::finding)
        .filter(finding -> finding.id().equals("entry-selector-mismatch"))
        .sorted(Comparator.comparing((Finding finding) -> finding.subject().name()).reversed())
        .toList();
  }

  /** It is made for one workload: no other is told to take it. */
  @Test
  void anEntryThatSeveralWorkloadsLackIsNotGivenToEach() {
    List<Finding> slip = mismatches(twoPods("wep", "batch"));
    assertThat(command(slip.getFirst())).contains("entry update -entryID e1");
    assertThat(command(slip.getLast()))
        .contains("entry create")
        .contains("k8s:pod-label:app:batch");
    assertThat(slip.getLast().remedies())
        .noneMatch(remedy -> remedy.toString().contains("entry update"))
        .extracting(Remedy::summary)
        .contains(
            "The entry e1 ("
                + WEB
                + ") is not changed: it is nearer to another workload than to this one");
    List<Finding> alike = mismatches(twoPods("payments", "batch"));
    assertThat(alike).hasSize(2);
    alike.forEach(
        finding -> {
          assertThat(command(finding)).contains("entry create");
          assertThat(finding.remedies().getLast().summary())
              .endsWith("is not changed: it is as near to another workload as to this one");
        });
    // Whichever of them is asked about.
    assertThat(mismatches(twoPods("wep", "batch").askingFor("apps", "two")))
        .singleElement()
        .satisfies(finding -> assertThat(command(finding)).contains("entry create"));
    // Both would have it, by the same selectors: no matter of one or the other.
    mismatches(twoPods("payments", "web"))
        .forEach(finding -> assertThat(command(finding)).contains("entry update -entryID e1"));
  }

  /** A second pod beside pod web, which runs this image, and has as many sidecars. */
  private static ClusterScene beside(String image, int sidecars, Entry entry) {
    String containers =
        "[{name: app, image: '%s', env: [{name: SPIFFE_ENDPOINT_SOCKET, value: 'unix:///s/api.sock'}],"
                .formatted(image)
            + " volumeMounts: [{name: spire, mountPath: /s}]}"
            + ", {name: proxy, image: 'proxy:1'}".repeat(sidecars)
            + "]";
    return ClusterScene.healthy()
        .copy(Kind.POD, "web", "two")
        .set(Kind.POD, "two", "/metadata/labels", "{app: batch}")
        .set(Kind.POD, "two", "/spec/containers", containers)
        .set(Kind.POD, "two", "/status/containerStatuses", "[]")
        .webEntry(entry);
  }

  private static List<Finding> causes(ClusterScene scene) {
    return scene.report().findings().stream().map(Report.Ranked::finding).toList();
  }

  private static void expectContested(String id, ClusterScene scene, String why) {
    // Whichever of them is asked about.
    for (ClusterScene one : List.of(scene, scene.askingFor("apps", "web"))) {
      Finding found =
          causes(one).stream()
              .filter(f -> f.id().equals(id) && f.subject().name().equals("web"))
              .findFirst()
              .orElseThrow(() -> new AssertionError(causes(one).toString()));
      assertThat(command(found)).contains("entry create").doesNotContain("-spiffeID " + WEB + " ");
      assertThat(found.remedies())
          .noneMatch(remedy -> remedy.toString().contains("entry update"))
          .extracting(Remedy::summary)
          .contains("The entry e1 (" + WEB + ") is not changed: it " + why);
    }
  }

  /** The rest of it fits both: by the image or the number alone nobody is its owner. */
  @Test
  void anEntryOfWhichOnlyImagesDifferIsNotGivenToEach() {
    String alike = "is as near to another workload as to this one";
    String tag = "entry-image-tag-ambiguous";
    String count = "entry-image-count-changed";
    Entry image = entry("e1", WEB, ALIAS, NS, SA, "k8s:container-image:web:7");
    Entry number = entry("e1", WEB, ALIAS, NS, SA, "k8s:pod-image-count:5");
    Entry both = entry("e1", WEB, ALIAS, NS, SA, "k8s:pod-image:web:1", "k8s:pod-image-count:5");
    expectContested(tag, beside("web:2", 0, image), alike);
    expectContested(count, beside("web:1", 1, number), alike);
    expectContested(count, beside("web:2", 4, both), alike);
    // Also where only a letter of the other's tag is wrong.
    Entry slip = entry("e1", WEB, ALIAS, NS, SA, "k8s:container-image:web:lastest");
    expectContested(tag, beside("web:latest", 0, slip), alike);
    // All of the other fits but a letter of its label.
    Entry label = entry("e1", WEB, ALIAS, NS, SA, APP + "x", "k8s:container-image:web:7");
    expectContested(
        tag,
        beside("web:7", 0, label)
            .set(Kind.POD, "web", "/metadata/labels", "{app: webx}")
            .set(Kind.POD, "two", "/metadata/labels", "{app: web}"),
        alike);
    // Both would have it, by the same selectors: no matter of one or the other.
    assertThat(causes(beside("web:1", 0, image)))
        .filteredOn(found -> found.id().equals(tag))
        .hasSize(2)
        .allSatisfy(found -> assertThat(command(found)).contains("entry update -entryID e1"));
  }

  /** A pod that runs another tag is the likelier owner than one with a label like it. */
  @Test
  void aSlipOfThePenDoesNotTakeAnEntryFromWhoHasAnotherTag() {
    ClusterScene scene =
        beside("web:2", 0, entry("e1", WEB, ALIAS, NS, SA, APP + "x", "k8s:pod-image:web:1"))
            .set(Kind.POD, "two", "/metadata/labels", "{app: webx}");
    assertThat(mismatches(scene))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.remedies().toString())
                    .doesNotContain("entry update")
                    .contains("is as near to another workload as to this one"));
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

  /** A replica of the pod on a second node, with an agent of its own; no node alias. */
  private static ClusterScene onTwoNodes(Entry... entries) {
    String other = AGENT.replace("uid-1", "uid-2");
    return ClusterScene.healthy()
        .copy(Kind.NODE, "node-1", "node-2")
        .set(Kind.NODE, "node-2", "/metadata/uid", "node-uid-2")
        .copy(Kind.POD, "spire-agent-x1y2z", "spire-agent-2")
        .set(Kind.POD, "spire-agent-2", "/spec/nodeName", "node-2")
        .set(
            Kind.POD,
            "web",
            "/metadata/ownerReferences",
            "[{kind: ReplicaSet, name: web-7d9, uid: replicas, controller: true}]")
        .copy(Kind.POD, "web", "web-2")
        .set(Kind.POD, "web-2", "/spec/nodeName", "node-2")
        .attested(
            ClusterScene.agent(AGENT, "node-1", "node-uid-1"),
            ClusterScene.agent(other, "node-2", "node-uid-2"))
        .entries(entries);
  }

  private static EntryChange change(Remedy remedy) {
    assertThat(remedy).isInstanceOf(EntryChange.class);
    return (EntryChange) remedy;
  }

  /** Below the agent of one node it would be served on that node alone. */
  @Test
  void anEntryForPodsOnTwoNodesIsCreatedBelowAnAlias() {
    Finding found = Expect.first("entry-missing", onTwoNodes());
    EntryChange alias = change(found.remedies().get(0));
    assertThat(alias.command())
        .contains(
            "entry create -node",
            "-spiffeID " + ALIAS,
            "-selector k8s_psat:cluster:demo",
            "-selector k8s_psat:agent_sa:spire-agent");
    EntryChange entry = change(found.remedies().get(1));
    assertThat(entry.command()).contains("-parentID " + ALIAS);
    assertThat(entry.impact().orElseThrow().gains())
        .extracting(EntryImpact.Share::pod)
        .containsExactly("apps/web", "apps/web-2");
    // Once it is there it is used.
    assertThat(
            command(
                Expect.first(
                    "entry-missing",
                    onTwoNodes(
                        entry(
                            "a",
                            ALIAS,
                            "spiffe://example.org/spire/server",
                            "k8s_psat:cluster:demo")))))
        .contains("-parentID " + ALIAS)
        .doesNotContain("-node");
  }

  @Test
  void whatIsServedOnOneNodeIsNotTakenFromItForAnother() {
    Finding found =
        Expect.first("entry-parent-unknown", onTwoNodes(entry("web", WEB, AGENT, NS, SA, APP)));
    assertThat(command(found)).contains("entry create -node", "-spiffeID " + ALIAS);
    EntryChange moved = change(found.remedies().get(1));
    assertThat(moved.command()).contains("entry update -entryID web", "-parentID " + ALIAS);
    assertThat(moved.impact().orElseThrow().losses()).isEmpty();
    assertThat(moved.impact().orElseThrow().gains())
        .extracting(EntryImpact.Share::pod)
        .containsExactly("apps/web-2");
  }

  /** It is for its nodes on purpose, and entries below it are too. */
  @Test
  void anAliasOfSomeNodesIsNeitherUsedNorWidened() {
    for (String some :
        List.of("k8s_psat:agent_node_name:node-1", "k8s_psat:agent_node_label:a:b")) {
      Entry pinned =
          entry("pin", "spiffe://example.org/some", "spiffe://example.org/spire/server", some);
      Finding missing = Expect.first("entry-missing", onTwoNodes(pinned));
      assertThat(missing.remedies().toString())
          .doesNotContain("-parentID spiffe://example.org/some");
      assertThat(command(missing)).contains("-node -spiffeID " + ALIAS);
      Finding other =
          Expect.first(
              "entry-parent-alias-missing",
              onTwoNodes(pinned, entry("web", WEB, "spiffe://example.org/some", NS, SA, APP)));
      assertThat(command(other)).contains("-node -spiffeID " + ALIAS);
      assertThat(change(other.remedies().get(1)).command())
          .contains("entry create -spiffeID " + WEB + " -parentID " + ALIAS);
      assertThat(other.remedies()).hasSize(2);
    }
  }

  @Test
  void anAliasGetsNoNameThatStandsForOthers() {
    Finding found =
        Expect.first("entry-missing", onTwoNodes(entry("x", ALIAS, AGENT, "unix:uid:7")));
    assertThat(command(found)).contains("-node", "-spiffeID spiffe://example.org/node-alias");
  }

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

  @Test
  void entryNotServed() {
    Finding found =
        Expect.first(
            "entry-not-served",
            ClusterScene.healthy().webEntry(special(Optional.empty(), true, "web")));
    assertThat(command(found)).contains("entry update").doesNotContain("-storeSVID");
  }

  private static Entry special(Optional<java.time.Instant> expires, boolean store, String app) {
    Entry plain = entry("e1", WEB, ALIAS, NS, SA, "k8s:pod-label:app:" + app);
    return new Entry(
        plain.id(),
        plain.spiffeId(),
        plain.parentId(),
        plain.selectors(),
        expires,
        plain.createdAt(),
        false,
        store,
        "",
        List.of(),
        Entry.Settings.NONE);
  }

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

  private static Entry with(Entry plain, Optional<java.time.Instant> created, String hint) {
    return new Entry(
        plain.id(),
        plain.spiffeId(),
        plain.parentId(),
        plain.selectors(),
        plain.expiresAt(),
        created,
        false,
        false,
        hint,
        plain.federatesWith(),
        plain.settings());
  }

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

  @Test
  void identityAmbiguous() {
    Entry web = entry("e1", WEB, ALIAS, NS, SA, APP);
    Entry broad = entry("e2", "spiffe://example.org/all", ALIAS, NS);
    Finding found = Expect.first("identity-ambiguous", ClusterScene.healthy().webEntry(web, broad));
    assertThat(found.severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(found.evidence().toString()).contains(WEB).contains("spiffe://example.org/all");
    Expect.first(
        "identity-ambiguous",
        ClusterScene.healthy().webEntry(web, with(broad, broad.createdAt(), "internal")));
    // By a mark nobody chooses.
    Expect.first(
        "identity-ambiguous",
        ClusterScene.healthy()
            .webEntry(
                with(web, web.createdAt(), "spire-doctor/web"),
                with(broad, broad.createdAt(), "spire-doctor:team/all")));
    Expect.healthy(
        ClusterScene.healthy()
            .webEntry(
                with(web, web.createdAt(), "external"),
                with(broad, broad.createdAt(), "internal")));
  }

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

  private static ClusterScene withClusterSpiffeId(String settings, String spec, String stats) {
    return ClusterScene.healthy()
        .webEntry()
        .controllerManager("entryIDPrefix: demo\n" + settings)
        .object(
            Kind.CLUSTER_SPIFFE_ID,
            "{metadata: {name: web}, spec: {podSelector: {matchLabels: {app: web}}, "
                + "namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, "
                + "operator: In, values: [apps]}]}, spiffeIDTemplate: x"
                + spec
                + "}, status: {stats: {"
                + stats
                + "}}}");
  }

  @Test
  void clusterSpiffeIdIneffective() {
    String id = "cluster-spiffe-id-ineffective";
    Finding found = Expect.first(id, withClusterSpiffeId("className: spire-spire", "", ""));
    assertThat(found.summary()).contains("className");
    assertThat(((Remedy.Command) found.remedies().getFirst()).command())
        .contains("patch clusterspiffeid web")
        .contains("spire-spire");
    assertThat(
            Expect.first(
                    id, withClusterSpiffeId("ignoreNamespaces:\n  - kube-system\n  - app", "", ""))
                .summary())
        .contains("ignores namespace apps");
    assertThat(
            Expect.first(
                    id,
                    withClusterSpiffeId(
                        "className: a\nwatchClassless: true",
                        "",
                        "podsSelected: 1, podEntryRenderFailures: 1"))
                .summary())
        .contains("templates");
    assertThat(Expect.first(id, withClusterSpiffeId("", "", "")).summary())
        .contains("has not acted");
    Expect.first(
        "entry-missing",
        withClusterSpiffeId("", ", className: other", "").remove(Kind.CLUSTER_SPIFFE_ID, "web"));
    Expect.healthy(
        withClusterSpiffeId("", "", "")
            .webEntry(entry("demo.1", WEB, AGENT, "k8s:pod-uid:pod-uid-1")));
  }

  private static String forbidden(String account, String resource) {
    return "W0102 03:04:00.000000       1 reflector.go:561] pkg/mod/cache.go:243: failed to list"
        + " *v1.X: "
        + resource
        + " is forbidden: User \"system:serviceaccount:"
        + account
        + "\" cannot list resource \""
        + resource
        + "\" in API group \"\" at the cluster scope\n";
  }

  /** The image was updated, its ClusterRole was not. */
  @Test
  void aRightThatTheControllerManagerLacksIsNamed() {
    ClusterScene scene = withClusterSpiffeId("", "", "");
    Finding found =
        Expect.first(
            "cluster-spiffe-id-ineffective",
            scene.controllerLog(forbidden("spire-system:spire-server", "endpoints")));
    assertThat(found.summary())
        .endsWith("lacks permission to list endpoints, which its version needs");
    assertThat(found.evidence().toString()).contains("endpoints is forbidden");
    assertThat(found.remedies().getFirst().block())
        .startsWith(
            "kubectl create clusterrole spire-system-spire-server-endpoints --verb=get,list,watch"
                + " --resource=endpoints")
        .contains("--serviceaccount=spire-system:spire-server");
    // A log may say anything: nobody else, and nothing else, is given a right.
    for (String log :
        List.of(
            forbidden("apps:web", "endpoints"),
            forbidden("spire-system:spire-server", "secrets"))) {
      Finding other = Expect.first("cluster-spiffe-id-ineffective", scene.controllerLog(log));
      assertThat(other.remedies()).allMatch(Remedy.Advice.class::isInstance);
    }
  }

  /** It may be confined to some namespaces, and is not let out of them. */
  @Test
  void aRightInANamespaceIsGivenThere() {
    Finding found =
        Expect.first(
            "cluster-spiffe-id-ineffective",
            withClusterSpiffeId("", "", "")
                .controllerLog(
                    forbidden("spire-system:spire-server", "pods")
                        .replace("at the cluster scope", "in the namespace \"apps\"")));
    assertThat(found.summary()).contains("to list pods in namespace apps");
    assertThat(found.remedies().getFirst().block())
        .startsWith("kubectl create role spire-system-spire-server-pods --verb=get,list,watch")
        .contains("-n apps", " && kubectl create rolebinding ", " --role=spire-system-spire-server")
        .doesNotContain("clusterrole");
  }

  @Test
  void aRightThatWasMissingAtFirstIsNotNamed() {
    String begun = "2026-01-02T03:04:01Z\tINFO\tStarting workers\t{\"worker count\": 1}\n";
    String refused = forbidden("spire-system:spire-server", "pods");
    ClusterScene scene = withClusterSpiffeId("", "", "podsSelected: 9, podEntryRenderFailures: 1");
    for (String log :
        List.of(refused + begun, refused.replace("cannot list", "cannot patch") + "more\n")) {
      assertThat(Expect.first("cluster-spiffe-id-ineffective", scene.controllerLog(log)).summary())
          .contains("templates");
    }
    // Another of its controllers works.
    assertThat(
            Expect.first(
                    "cluster-spiffe-id-ineffective", scene.controllerLog(refused + begun + refused))
                .summary())
        .contains("lacks permission to list pods");
  }

  /** It gives up after two minutes, and its pod has the server in it. */
  @Test
  void aControllerManagerThatEndsForWantOfARightIsGivenIt() {
    String log = forbidden("spire-system:spire-server", "endpoints");
    ClusterScene scene =
        ClusterScene.healthy()
            .controllerManager("entryIDPrefix: demo\n")
            .set(
                Kind.POD,
                "spire-server-0",
                "/status/conditions",
                "[{type: Ready, status: 'False'}]")
            .add(
                Kind.POD,
                "spire-server-0",
                "/status/containerStatuses",
                "{name: spire-controller-manager, ready: false, restartCount: 4, state: {waiting:"
                    + " {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1}}}")
            .log(
                "spire-system",
                "spire-server-0",
                "spire-controller-manager",
                true,
                log
                    + "2026-01-02T03:04:00Z\tERROR\tsetup\tproblem running manager\t{\"error\":"
                    + " \"timed out waiting for cache to be synced for Kind *v1.Endpoints\"}\n");
    Finding found = Expect.first("server-not-ready", scene);
    assertThat(found.evidence().toString()).contains("endpoints is forbidden");
    assertThat(found.remedies().getFirst().block()).contains("--resource=endpoints");
  }

  @Test
  void aClusterSpiffeIdOfOtherPodsExplainsNothing() {
    Expect.first(
        "entry-missing",
        ClusterScene.healthy()
            .webEntry()
            .object(
                Kind.CLUSTER_SPIFFE_ID,
                "{metadata: {name: db}, spec: {podSelector: {matchLabels: {app: db}}}}"));
  }
}
