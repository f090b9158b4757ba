package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.AGENT;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.FixPolicy.Consent;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Redaction;
import org.spiredoctor.report.ReportTexts;

/** No remedy gives a pod the identity of somebody else, and {@code --fix} grants none by itself. */
class HarmlessRemediesTest {
  private static final String NS = "k8s:ns:apps";
  private static final String SA = "k8s:sa:default";
  private static final String APP = "k8s:pod-label:app:web";
  private static final String SLIP = "k8s:pod-label:app:wep";
  private static final String SERVER = "spiffe://example.org/spire/server";

  private static Finding first(ClusterScene scene) {
    return scene.report().findings().getFirst().finding();
  }

  private static Remedy.EntryChange change(Finding finding) {
    return (Remedy.EntryChange) finding.remedies().getFirst();
  }

  private static Consent consent(ClusterScene scene) {
    Finding finding = first(scene);
    return FixPolicy.decide(finding, change(finding)).consent();
  }

  /** What {@code --fix} makes, asked or not. */
  private static List<Remedy> applied(ClusterScene scene) {
    List<Remedy> applied = new ArrayList<>();
    for (Finding finding : scene.report().causes().toList()) {
      if (finding.remedies().getFirst() instanceof Remedy.EntryChange change
          && FixPolicy.decide(finding, change).consent() != Consent.SHOWN) {
        applied.add(change);
      }
    }
    return applied;
  }

  /** All that could be pasted. */
  private static List<String> commands(Finding finding) {
    List<String> commands = new ArrayList<>();
    for (Remedy remedy : finding.remedies()) {
      switch (remedy) {
        case Remedy.Command one -> commands.add(one.command());
        case Remedy.EntryChange one -> commands.add(one.command());
        case Remedy.Declaration one -> commands.add(one.command());
        case Remedy.Patch one -> commands.add(one.yaml());
        case Remedy.Advice _ -> {}
      }
    }
    return commands;
  }

  private static Entry with(Entry plain, Optional<Instant> end, boolean admin, boolean downstream) {
    return new Entry(
        plain.id(),
        plain.spiffeId(),
        plain.parentId(),
        plain.selectors(),
        end,
        plain.createdAt(),
        downstream,
        false,
        "",
        List.of(),
        new Entry.Settings(admin, 0, 0, List.of(), false, false));
  }

  private static Entry admin(Entry plain) {
    return with(plain, Optional.empty(), true, false);
  }

  private static ClusterScene named(ClusterScene scene) {
    return scene.askingFor("apps", "web").expecting(WEB);
  }

  private static String pod(String name, String app) {
    return """
    {metadata: {name: %s, namespace: apps, uid: uid-%s, labels: {app: %s}},
     spec: {nodeName: node-1, serviceAccountName: default,
       containers: [{name: app, image: "web:1",
         env: [{name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///s/api.sock"}],
         volumeMounts: [{name: spire, mountPath: /s}]}],
       volumes: [{name: spire, hostPath: {path: /run/spire/sockets}}]},
     status: {phase: Running, conditions: [{type: Ready, status: "True"}]}}
    """
        .formatted(name, name, app);
  }

  @ParameterizedTest
  @ValueSource(strings = {"k8s:ns:app", "k8s:ns:payments"})
  void anEntryOfAnotherNamespaceStaysThere(String namespace) {
    Entry theirs = entry("theirs", "spiffe://example.org/payments", ALIAS, namespace, SA, APP);
    Finding found = first(healthy().webEntry(theirs));
    assertThat(found.id()).isEqualTo("entry-selector-mismatch");
    assertThat(commands(found))
        .singleElement()
        .asString()
        .contains(" entry create ", "-spiffeID spiffe://example.org/ns/apps/sa/default", NS)
        .doesNotContain("spiffe://example.org/payments");
    assertThat(found.remedies().get(1).summary())
        .contains("not changed: it belongs to " + namespace);
    assertThat(FixPolicy.decide(found, change(found)).consent()).isEqualTo(Consent.SHOWN);
  }

  /** The usual SPIFFE ID of the pod may be that of the very entry. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "k8s:ns:apps k8s:sa:default k8s:pod-image:registry.test/web:1",
        "k8s:ns:apps k8s:sa:default k8s:container-image:registry.test/web:1",
        "k8s:ns:apps k8s:pod-label:app:web k8s:sa:defualt k8s:pod-image:registry.test/web:1",
        "k8s:sa:default k8s:pod-image-count:5",
        "k8s:sa:default k8s:container-name:worker"
      })
  void anIdentityThatIsLeftToOthersIsNotGivenByAnotherEntry(String selectors) {
    String usual = "spiffe://example.org/ns/apps/sa/default";
    Finding found = first(healthy().webEntry(entry("e1", usual, ALIAS, selectors.split(" "))));
    assertThat(commands(found)).noneMatch(command -> command.contains("entry "));
    assertThat(found.remedies())
        .extracting(Remedy::summary)
        .startsWith(
            "If the pod is right, create an entry of its own for it, of another SPIFFE ID than "
                + usual)
        .anyMatch(summary -> summary.contains("is not changed: it "));
  }

  /** Nor for who names both: without the image that it asks for it would be another entry. */
  @ParameterizedTest
  @ValueSource(strings = {"k8s:pod-image:web:7", "k8s:pod-image-count:5", "k8s:container-name:wep"})
  void anIdentityThatIsLeftToOthersIsGivenToNobodyByFix(String selector) {
    ClusterScene wide = named(healthy().webEntry(entry("e1", WEB, ALIAS, SA, selector)));
    assertThat(change(first(wide)).command()).contains("entry create -spiffeID " + WEB);
    assertThat(consent(wide)).isEqualTo(Consent.SHOWN);
    assertThat(first(wide).confidence()).isEqualTo(Finding.Confidence.POSSIBLE);
  }

  /** Of which it was is not known: a label or a service account of the name is in many. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "k8s:sa:default k8s:pod-label:app:wep",
        "k8s:pod-label:app:wep",
        "k8s:sa:default k8s:pod-label:app:database",
        "k8s:sa:default k8s:container-image:web:7",
        "k8s:sa:default k8s:pod-image-count:5",
        "k8s:sa:default k8s:pod-owner:ReplicaSet:web-5d",
        "k8s:sa:default k8s:nss:apps",
        "k8s:sa:default k8s:container-name:worker",
        "k8s:container-name:worker k8s:pod-label:app:web"
      })
  void anEntryOfNoNamespaceIsGivenNone(String selectors) {
    ClusterScene scene = healthy().webEntry(entry("e1", WEB, ALIAS, selectors.split(" ")));
    Finding found = first(scene);
    assertGivenItsOwn(found);
    assertThat(found.remedies().get(1).summary())
        .isEqualTo(
            "The entry e1 ("
                + WEB
                + ") is not changed: it names no namespace, so it may be meant for pods of another");
    assertThat(commands(first(named(scene)))).noneMatch(c -> c.contains("entry update"));
  }

  @Test
  void anEntryOfAnotherServiceAccountStaysItsOwn() {
    Finding found = first(healthy().webEntry(entry("e1", WEB, ALIAS, NS, "k8s:sa:defualt", APP)));
    assertThat(commands(found)).singleElement().asString().doesNotContain(WEB + " ");
    assertThat(found.remedies().get(1).summary()).contains("belongs to k8s:sa:defualt");
  }

  @Test
  void anAdminOrDownstreamEntryIsNeverOffered() {
    Entry near = entry("near", WEB, ALIAS, NS, SA, SLIP);
    for (Entry entry : List.of(admin(near), with(near, Optional.empty(), false, true))) {
      for (ClusterScene scene : List.of(healthy(), named(healthy()))) {
        Finding found = first(scene.webEntry(entry));
        assertThat(commands(found)).noneMatch(command -> command.contains("entry "));
        assertThat(found.remedies().toString()).contains("admin or downstream");
      }
    }
    Entry expired =
        with(entry("e", WEB, ALIAS, NS, SA, APP), Optional.of(NOW.minusSeconds(60)), true, false);
    assertThat(commands(first(named(healthy().webEntry(expired))))).isEmpty();
    // The server asks for the SPIFFE ID, so that a second entry of it would be an admin too.
    Finding second =
        first(named(healthy().webEntry(admin(entry("e", WEB, ALIAS, "k8s:ns:x", "k8s:sa:y")))));
    assertThat(second.id()).isEqualTo("entry-missing");
    assertThat(commands(second)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k8s:image-signature:verified",
        "k8s:sigstore-validation:passed",
        "k8s:ns-label:team:shop",
        "docker:label:a:b",
        "unix:uid:1000",
        "unix:path:/bin/web",
        "systemd:id:web.service",
        "windows:user_name:web",
        "other:thing"
      })
  void whatCannotBeSeenIsNeverDropped(String selector) {
    for (String other : List.of(SLIP, "k8s:pod-owner:ReplicaSet:web-5d", "k8s:pod-image-count:3")) {
      Finding found = first(healthy().webEntry(entry("e1", WEB, ALIAS, NS, SA, other, selector)));
      List<String> its = commands(found).stream().filter(c -> c.contains(WEB + " ")).toList();
      assertThat(its).allMatch(command -> command.contains("-selector " + selector));
      // Of what the agents never compute, it is only said that they do not.
      assertThat(its.isEmpty() && other.equals(SLIP) && selector.startsWith("unix:uid:"))
          .as("%s", found)
          .isFalse();
    }
  }

  @Test
  void anEntryForOneContainerIsNotWidened() {
    Finding found =
        first(
            healthy()
                .add(Kind.POD, "web", "/spec/containers", "{name: worker, image: worker}")
                .webEntry(entry("e1", WEB, ALIAS, NS, "k8s:container-name:worker")));
    assertThat(found.id()).isEqualTo("entry-container-scoped");
    assertThat(commands(found))
        .singleElement()
        .asString()
        .contains("entry create", "-selector k8s:container-name:app", NS, SA);
    assertThat(found.remedies().get(1).summary()).contains("is not changed");
    Finding image =
        first(healthy().webEntry(entry("e1", WEB, ALIAS, NS, SLIP, "k8s:container-image:other:1")));
    commands(image).stream()
        .filter(command -> command.contains(WEB + " "))
        .forEach(command -> assertThat(command).contains("k8s:container-"));
  }

  /** Whoever can push an image chooses its name: it says nothing of who runs it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "container-image:registry.test/web:1",
        "container-image:registry.test/web@sha256:aa",
        "container-image:library/wep:1",
        "container-image:team/web:1",
        "pod-image:registry.test/web:1",
        "pod-image:registry.test:5000/web",
        "pod-image:wep:1",
        "pod-imge:wep:1",
        "pod-init-image:web:1"
      })
  void anEntryForAnotherImageIsNotGivenToThisOne(String image) {
    for (List<String> rest : List.of(List.of(SA, APP), List.of(SA, SLIP), List.of(SA))) {
      List<String> selectors = new ArrayList<>(rest);
      selectors.addAll(List.of(NS, "k8s:" + image));
      ClusterScene scene =
          healthy().webEntry(entry("e1", WEB, ALIAS, selectors.toArray(String[]::new)));
      Finding found = first(scene);
      assertGivenItsOwn(found);
      assertThat(found.remedies().get(1).summary())
          .contains(
              "not changed: it asks for k8s:" + image + ", and the pod runs no image of that");
      // Who names both may paste what is shown.
      assertThat(commands(first(named(scene)))).noneMatch(c -> c.contains("entry update"));
      assertThat(applied(named(scene))).isEmpty();
    }
  }

  @Test
  void anEntryForTheContainerOfAnotherWorkloadIsNotGivenToThisOne() {
    String twin = pod("two", "batch").replace("name: app, image", "name: %s, image");
    // It serves the container of that name of the other, or is as near to that one.
    for (String name : List.of("worker", "batch")) {
      ClusterScene scene =
          healthy()
              .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:container-name:worker"))
              .object(Kind.POD, twin.formatted(name));
      Finding found =
          scene.report().findings().stream()
              .map(Report.Ranked::finding)
              .filter(f -> f.subject().name().equals("web"))
              .findFirst()
              .orElseThrow();
      assertThat(found.id()).isEqualTo("entry-container-scoped");
      assertGivenItsOwn(found);
      assertThat(found.remedies().get(1).summary())
          .endsWith(
              "is not changed: it "
                  + (name.equals("worker")
                      ? "serves other pods"
                      : "is as near to another workload as to this one"));
    }
  }

  /** It gains nothing that it does not have. */
  @Test
  void anotherContainerOfAPodThatIsServedIsGivenTheSame() {
    String twin = pod("two", "batch");
    for (String selectors : List.of(NS + " " + SA, SA)) {
      List<String> all = new ArrayList<>(List.of(selectors.split(" ")));
      all.add("k8s:container-name:app");
      Finding found =
          first(
              healthy()
                  .webEntry(entry("e1", WEB, ALIAS, all.toArray(String[]::new)))
                  .object(Kind.POD, twin)
                  .set(
                      Kind.POD,
                      "web",
                      "/spec/initContainers",
                      "[{name: wait, image: wait, volumeMounts: [{name: spire, mountPath: /s}]}]"));
      assertThat(found.id()).isEqualTo("entry-container-scoped");
      assertThat(commands(found))
          .singleElement()
          .asString()
          .contains("entry create -spiffeID " + WEB, "k8s:container-name:wait", NS, SA);
    }
  }

  /** An entry, and not that of the others' identity. */
  private static void assertGivenItsOwn(Finding found) {
    assertThat(commands(found))
        .as("%s", found)
        .singleElement()
        .asString()
        .contains("entry create")
        .doesNotContain("-spiffeID " + WEB + " ");
  }

  /** As a second pod of the service account of one whose Deployment is scaled to zero. */
  @Test
  void anEntryForAContainerThatThePodDoesNotHaveIsForAnother() {
    Finding found =
        first(healthy().webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:container-name:worker")));
    assertThat(found.id()).isEqualTo("entry-container-scoped");
    assertThat(found.summary()).contains("asks for container worker, which the pod does not have");
    assertThat(found.confidence()).isEqualTo(Confidence.POSSIBLE);
    assertThat(commands(found)).noneMatch(command -> command.contains("-spiffeID " + WEB + " "));
    assertThat(found.remedies()).anyMatch(remedy -> remedy.summary().contains("is not changed"));
  }

  @Test
  void anEntryThatServesOthersStaysTheirs() {
    ClusterScene scene = healthy().object(Kind.POD, pod("web2", "wbe"));
    Finding found = first(scene);
    assertThat(found.subject().name()).isEqualTo("web2");
    assertThat(commands(found)).singleElement().asString().doesNotContain("-spiffeID " + WEB + " ");
    assertThat(found.remedies().get(1).summary()).contains("serves other pods");
  }

  @Test
  void whatWasRedactedIsNoPartOfAChange() {
    assertThat(Redaction.text("password=abcdefghijkl")).contains(FixPolicy.REDACTED);
    String hidden = FixPolicy.REDACTED;
    Finding label =
        first(
            healthy()
                .webEntry(entry("e1", WEB, ALIAS, NS, SA, APP))
                .set(Kind.POD, "web", "/metadata/labels", "{app: '" + hidden + "'}"));
    assertThat(commands(label)).noneMatch(command -> command.contains("entry "));
    Finding image =
        first(
            healthy()
                .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:container-image:web:1.2.345"))
                .set(
                    Kind.POD,
                    "web",
                    "/status/containerStatuses",
                    "[{name: app, image: 'web:"
                        + hidden
                        + "', ready: true, state: {running: {}}}]"));
    assertThat(commands(image)).noneMatch(command -> command.contains(hidden));
  }

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

  @ParameterizedTest
  @ValueSource(strings = {"container-image:web:7", "pod-image-count:5", "pod-label:app:database"})
  void whereOnlyOnePodWasReadAnEntryThatFitsInPartMayBeForAnother(String other) {
    Finding found =
        first(
            healthy()
                .webEntry(entry("e1", WEB, ALIAS, NS, SA, "k8s:" + other))
                .podsOf("spire-system")
                .object(Kind.POD, pod("web", "web"))
                .askingFor("apps", "web"));
    assertGivenItsOwn(found);
    assertThat(found.remedies().get(1).summary()).endsWith("only this one was looked at");
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
