package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.kube.Kind;

/** Selectors that do not show from outside are neither matches nor mismatches. */
class HiddenSelectorsTest {
  private static final String ATTESTORS =
      """
      plugins {
        WorkloadAttestor "k8s" { plugin_data { sigstore { skip_signature_verification = false } } }
        WorkloadAttestor "unix" { plugin_data { discover_workload_path = true } }
        WorkloadAttestor "docker" { plugin_data {} }
        WorkloadAttestor "systemd" { plugin_data {} }
        WorkloadAttestor "windows" { plugin_data {} }
        WorkloadAttestor "acme" { plugin_data {} }
      }
      """;

  private static ClusterScene asking(String... more) {
    return ClusterScene.healthy()
        .webEntry(
            entry(
                "web",
                WEB,
                ALIAS,
                Stream.concat(
                        Stream.of("k8s:ns:apps", "k8s:sa:default", "k8s:pod-label:app:web"),
                        Stream.of(more))
                    .toArray(String[]::new)));
  }

  private static void expectUnknown(ClusterScene scene, String selector) {
    Report report = scene.report();
    assertThat(report.findings()).as(selector).isEmpty();
    assertThat(report.verdict()).as(selector).isEqualTo(Report.Verdict.UNKNOWN);
    assertThat(report.unknown().toString()).contains("has " + selector);
  }

  private static ClusterScene as(ClusterScene scene, String spec) {
    return scene.merge(Kind.POD, "web", "/spec", spec);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k8s:image-signature:verified",
        "k8s:image-signature-subject:ci@example.org",
        "k8s:image-attestations:verified",
        "docker:label:com.example:web",
        "docker:image_id:web",
        "systemd:id:web.service",
        "windows:user_name:web",
        "unix:user:web",
        "unix:group:web",
        "unix:supplementary_gid:7",
        "unix:path:/usr/bin/web",
        "unix:sha256:aa",
        "acme:tier:gold"
      })
  void whatOnlyTheAgentSeesIsUnknown(String selector) {
    expectUnknown(asking(selector).agentConfig(ATTESTORS), selector);
    // Nearness does not count it, and what is nearest is possible at most.
    ClusterScene near =
        ClusterScene.healthy()
            .agentConfig(ATTESTORS)
            .webEntry(entry("web", WEB, ALIAS, "k8s:ns:apps", "k8s:pod-label:app:wep", selector));
    Finding found = Expect.first("entry-selector-mismatch", near);
    assertThat(found.confidence()).isEqualTo(Confidence.POSSIBLE);
    assertThat(found.summary()).contains("cannot be seen from outside");
    assertThat(found.evidence().toString()).contains(selector + ", which only its agent sees");
    // Another one that matches is served all the same.
    assertThat(asking().agentConfig(ATTESTORS).report().verdict())
        .isEqualTo(Report.Verdict.HEALTHY);
  }

  @ParameterizedTest
  @CsvSource({
    "k8s:image-signature:verified, has no sigstore block",
    "k8s:ns-label:team:shop, enable_namespace_labels is not set",
    "docker:label:com.example:web, no workload attestor docker",
    "unix:path:/usr/bin/web, discover_workload_path is not set",
    "acme:tier:gold, no workload attestor acme",
  })
  void whatTheAgentsNeverComputeMatchesNoPod(String selector, String why) {
    Finding found = Expect.first("entry-selector-mismatch", asking(selector));
    assertThat(found.confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(found.summary()).contains("never compute", "matches no pod");
    assertThat(found.evidence().toString()).contains(why);
    assertThat(found.remedies().toString()).doesNotContain("entry update");
  }

  /** Up to SPIRE 1.14.7 it is a block of experimental, and from 1.15.0 one of plugin_data. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "experimental { sigstore { rekor_url = \"https://rekor.example.org\" } }",
        "experimental = { sigstore = {} }",
        "experimental { sigstore {} }",
        "sigstore { ignore_tlog = true }"
      })
  void signaturesAreComputedWithABlockOfEitherAge(String block) {
    expectUnknown(
        asking("k8s:image-signature:verified")
            .agentConfig("plugins { WorkloadAttestor \"k8s\" { plugin_data { " + block + " } } }"),
        "k8s:image-signature:verified");
  }

  @Test
  void containerSelectorsThatAreDisabledAreNoOtherContainer() {
    Finding found =
        Expect.first(
            "entry-selector-mismatch",
            asking("k8s:container-name:app")
                .agentConfig(
                    "plugins { WorkloadAttestor \"k8s\" { plugin_data {"
                        + " disable_container_selectors = true } } }"));
    assertThat(found.evidence().toString()).contains("disable_container_selectors is set");
    assertThat(found.summary()).contains("never compute, so it matches no pod");
    assertThat(found.remedies().getFirst().block())
        .contains("disable_container_selectors\"?")
        .contains("true([[:space:]\",}]|$)/\\1false\\3/")
        .endsWith("kubectl rollout restart -n spire-system daemonset/spire-agent");
    assertThat(found.remedies().get(1).summary())
        .contains("take k8s:container-name:app out of entry web")
        .contains("every container of the pods with k8s:ns:apps and");
    assertThat(found.remedies()).hasSize(2);
  }

  @Test
  void labelsOfNamespaces() {
    String enabled =
        "plugins { WorkloadAttestor \"k8s\" { plugin_data { enable_namespace_labels = true } } }";
    ClusterScene labelled = asking("k8s:ns-label:team:shop").agentConfig(enabled);
    expectUnknown(
        asking("k8s:ns-label:team:shop").agentConfig(enabled.replace("true", "\"${LABELS}\"")),
        "k8s:ns-label:team:shop");
    Expect.first("entry-selector-mismatch", labelled);
    assertThat(
            asking("k8s:ns-label:team:shop")
                .agentConfig(enabled)
                .forbidden(Kind.NAMESPACE)
                .report()
                .unknown()
                .toString())
        .contains("has k8s:ns-label:team:shop");
  }

  @Test
  void rootMayBecomeAnyUser() {
    expectUnknown(as(asking("unix:uid:999"), "{securityContext: {runAsUser: 0}}"), "unix:uid:999");
    expectUnknown(
        as(asking("unix:gid:999"), "{securityContext: {runAsUser: 0, runAsGroup: 0}}"),
        "unix:gid:999");
    expectUnknown(as(asking("unix:gid:999"), "{securityContext: {runAsGroup: 0}}"), "unix:gid:999");
    Expect.healthy(as(asking("unix:uid:0"), "{securityContext: {runAsUser: 0}}"));
    Finding user =
        Expect.first(
            "entry-selector-mismatch",
            as(asking("unix:uid:999"), "{securityContext: {runAsUser: 1000}}"));
    assertThat(user.confidence()).isNotEqualTo(Confidence.CERTAIN);
    Expect.first(
        "entry-selector-mismatch",
        as(asking("unix:gid:999"), "{securityContext: {runAsUser: 1000, runAsGroup: 1000}}"));
    expectUnknown(
        as(asking("unix:gid:999"), "{securityContext: {runAsUser: 1000}}"), "unix:gid:999");
  }

  @Test
  void aUserNamespaceHidesTheUser() {
    String demands = "securityContext: {runAsUser: 1000, runAsGroup: 1000, fsGroup: 7}";
    for (String selector :
        new String[] {"unix:uid:1000", "unix:gid:1000", "unix:supplementary_gid:7"}) {
      Expect.healthy(as(asking(selector), "{" + demands + "}"));
      Expect.healthy(as(asking(selector), "{hostUsers: true, " + demands + "}"));
      expectUnknown(as(asking(selector), "{hostUsers: false, " + demands + "}"), selector);
    }
    expectUnknown(
        as(asking("unix:uid:1001"), "{hostUsers: false, " + demands + "}"), "unix:uid:1001");
  }

  @Test
  void groupsBesidesAreThoseOfThePodAndPerhapsOfTheImage() {
    Expect.healthy(
        as(asking("unix:supplementary_gid:8"), "{securityContext: {supplementalGroups: [7, 8]}}"));
    expectUnknown(
        as(asking("unix:supplementary_gid:9"), "{securityContext: {supplementalGroups: [7, 8]}}"),
        "unix:supplementary_gid:9");
  }

  private static ClusterScene withInit(String state) {
    return asking("k8s:container-name:app")
        .merge(
            Kind.POD,
            "web",
            "/spec",
            "{initContainers: [{name: wait, image: spire-doctor,"
                + " volumeMounts: [{name: spire, mountPath: /s}]}]}")
        .merge(
            Kind.POD,
            "web",
            "/status",
            "{initContainerStatuses: [{name: wait, image: spire-doctor, imageID: x, ready: true,"
                + " restartCount: 0, state: "
                + state
                + "}]}");
  }

  @Test
  void anInitContainerThatCompletedAsksForNothing() {
    Expect.healthy(withInit("{terminated: {exitCode: 0}}"));
    for (String state :
        new String[] {
          "{running: {}}", "{terminated: {exitCode: 1}}", "{waiting: {reason: PodInitializing}}"
        }) {
      assertThat(withInit(state).report().findings().toString())
          .as(state)
          .contains("entry-container-scoped");
    }
    // What the app itself lacks is still an error.
    Finding found =
        Expect.first(
            "entry-container-scoped",
            withInit("{terminated: {exitCode: 0}}")
                .webEntry(
                    entry(
                        "web",
                        WEB,
                        ALIAS,
                        "k8s:ns:apps",
                        "k8s:sa:default",
                        "k8s:container-name:wait")));
    assertThat(found.summary()).contains("container app is another");
  }

  @Test
  void anEphemeralContainerIsNotTheApp() {
    Expect.healthy(
        asking("k8s:container-name:app")
            .merge(
                Kind.POD,
                "web",
                "/spec",
                "{ephemeralContainers: [{name: debug, image: busybox,"
                    + " volumeMounts: [{name: spire, mountPath: /s}]}]}"));
  }

  @Test
  void anEntryWithAForeignIdIsIgnoredByTheServer() {
    Expect.first(
        "entry-trust-domain-foreign",
        ClusterScene.healthy()
            .webEntry(entry("web", "spiffe://other.org/web", ALIAS, "k8s:ns:apps")));
  }
}
