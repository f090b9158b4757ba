package org.spiredoctor.diagnosis.rules.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.AGENT;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.entry.DeclarationScenes.CLASS;
import static org.spiredoctor.diagnosis.rules.entry.DeclarationScenes.OWN;
import static org.spiredoctor.diagnosis.rules.entry.DeclarationScenes.chart;
import static org.spiredoctor.diagnosis.rules.entry.DeclarationScenes.without;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.kube.Kind;

class IdentityFallbackTest {
  private static final String BY_ACCOUNT =
      "'spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}'";

  /** The pod has what a fallback gives it. */
  private static ClusterScene fallback(String spec, String template) {
    return chart(spec, template, "podsSelected: 0")
        .object(
            Kind.CLUSTER_SPIFFE_ID,
            "{metadata: {name: spire-server-spire-default}, spec: {%s, fallback: true,"
                    .formatted(CLASS)
                + " hint: default, spiffeIDTemplate: "
                + BY_ACCOUNT
                + "}, status: {stats: {podsSelected: 1}}}")
        .webEntry(
            entry(
                "demo.1",
                "spiffe://example.org/ns/apps/sa/default",
                AGENT,
                "k8s:pod-uid:pod-uid-1"));
  }

  @Test
  void identityFallback() {
    ClusterScene scene = fallback(CLASS + ", podSelector: {matchLabels: {app: wbe}}", OWN);
    // Among many pods one is near some object by chance.
    assertThat(Expect.first("identity-fallback", scene).severity())
        .isEqualTo(Finding.Severity.WARNING);
    Finding found =
        Expect.first(
            "identity-fallback",
            scene.asking(new ClusterQuery.Pods.Named(Optional.of("apps"), "web")));
    assertThat(found.severity()).isEqualTo(Finding.Severity.ERROR);
    assertThat(found.summary())
        .isEqualTo(
            "The pod has the fallback's identity spiffe://example.org/ns/apps/sa/default and not"
                + " that of ClusterSPIFFEID payments, which wants app=wbe");
    assertThat(found.evidence().toString())
        .contains("would give it spiffe://example.org/payments/web")
        .contains("podSelector wants app=wbe, the labels have app=web")
        .contains("podsSelected 0");
    assertThat(found.remedies().getFirst())
        .isEqualTo(
            new Remedy.Command(
                "If ClusterSPIFFEID payments is meant for this pod, write app=web for app=wbe in"
                    + " its podSelector; then apps/web gets an identity of it",
                "kubectl patch clusterspiffeid payments --type=merge -p"
                    + " '{\"spec\":{\"podSelector\":{\"matchLabels\":{\"app\":\"web\"}}}}'"));
  }

  @Test
  void identityFallbackSinceNobodyActsOnTheClass() {
    Finding found =
        Expect.first("identity-fallback", fallback("podSelector: {matchLabels: {app: web}}", OWN));
    assertThat(found.summary()).contains("its className is not the one");
    assertThat(found.remedies().getFirst().block())
        .contains("patch clusterspiffeid payments", "\"className\":\"spire-server-spire\"");
  }

  /** Who asks for the identity that was meant is told which one the pod has, and why. */
  @Test
  void whoHasTheIdentityOfAFallbackHasOne() {
    Report report =
        fallback("podSelector: {matchLabels: {app: web}}", OWN)
            .askingFor("apps", "web")
            .expecting("spiffe://example.org/payments/web")
            .report();
    assertThat(report.findings())
        .extracting(ranked -> ranked.finding().id())
        .containsExactly("identity-fallback", "entry-missing");
    assertThat(report.findings().get(1).finding().summary())
        .isEqualTo(
            "The pod has the identity spiffe://example.org/ns/apps/sa/default, by entry demo.1, not"
                + " spiffe://example.org/payments/web. No entry for"
                + " spiffe://example.org/payments/web matches the pod");
  }

  /** Istio's guide has such objects, of which nothing comes and by which nothing is lost. */
  @Test
  void whatWouldGiveTheSameIdentityIsNoLoss() {
    Expect.healthy(fallback("podSelector: {matchLabels: {app: web}}", BY_ACCOUNT));
  }

  @Test
  void aFallbackIsForWhomNoOtherIsMeant() {
    Expect.healthy(fallback(CLASS + ", podSelector: {matchLabels: {app: db}}", OWN));
    Expect.healthy(fallback(CLASS + ", podSelector: {matchLabels: {tier: front}}", OWN));
    Expect.healthy(
        fallback(
            CLASS
                + ", namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name,"
                + " operator: NotIn, values: [apps]}]}",
            OWN));
  }

  /** Whoever can make a pod can make one that is near. */
  @Test
  void whatIsNearIsNotWhatIsMeant() {
    String typo = CLASS + ", podSelector: {matchLabels: {app: wbe}}";
    // The workload that it is for is there.
    ClusterScene there = fallback(typo, OWN);
    Expect.healthy(
        there.set(Kind.CLUSTER_SPIFFE_ID, "payments", "/status/stats/podsSelected", "1"));
    Expect.healthy(fallback(typo + ", admin: true", OWN));
    Expect.healthy(fallback(typo + ", downstream: true", OWN));
    Expect.healthy(fallback(typo + ", workloadSelectorTemplates: [\"docker:image_id:x\"]", OWN));
    // A namespace that is nearly another one is somebody else's.
    Expect.healthy(
        fallback(
            CLASS + ", namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: appss}}",
            OWN));
  }

  /** Those of the chart for nested SPIREs and for other clusters have a class of their own. */
  @Test
  void whatAnotherControllerManagerActsOnIsNotIgnored() {
    String others = "className: spire-mgmt-external-server, podSelector: {matchLabels: {app: web}}";
    Expect.healthy(fallback(others, OWN));
    Expect.healthy(fallback(others + ", admin: true", OWN));
  }

  /** Another cluster's may act on it, or the class was lost after it had been acted on. */
  @Test
  void whoActsOnWhatHasNoClassAndPodsIsNotKnown() {
    Report report =
        fallback("podSelector: {matchLabels: {app: web}}", OWN)
            .set(Kind.CLUSTER_SPIFFE_ID, "payments", "/status/stats/podsSelected", "3")
            .report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown().toString())
        .contains("which controller-manager acts on ClusterSPIFFEID payments");
  }

  @Test
  void aClassMayBeMisspelled() {
    Finding found =
        Expect.first(
            "identity-fallback",
            fallback("className: spire-server-spir, podSelector: {matchLabels: {app: web}}", OWN));
    assertThat(found.evidence().toString())
        .contains("className spire-server-spir", "className spire-server-spire");
  }

  /** The controller-manager gives its fallback to pods for which the template fails. */
  @Test
  void ofATemplateThatFailsComesNothing() {
    String spec = CLASS + ", podSelector: {matchLabels: {app: web}}";
    ClusterScene failing =
        fallback(spec, OWN)
            .set(
                Kind.CLUSTER_SPIFFE_ID,
                "payments",
                "/status/stats",
                "{podsSelected: 1, podEntryRenderFailures: 1}");
    assertThat(Expect.first("identity-fallback", failing).summary())
        .contains("its templates cannot be filled in for a pod");
    // One that cannot be read is not counted at all.
    Expect.first("identity-fallback", fallback(spec, OWN));
    Expect.healthy(
        fallback(spec, OWN)
            .set(Kind.CLUSTER_SPIFFE_ID, "payments", "/status/stats", "{podsSelected: 1}"));
  }

  @Test
  void whatWasJustMadeIsGivenTime() {
    Expect.healthy(
        fallback("podSelector: {matchLabels: {app: web}}", OWN)
            .set(
                Kind.CLUSTER_SPIFFE_ID,
                "payments",
                "/metadata/creationTimestamp",
                "'2026-01-02T03:03:50Z'"));
  }

  /** Many short words differ in a letter, and parts of one thing in the last. */
  @ParameterizedTest
  @CsvSource({
    "api, app",
    "shard-a, shard-b",
    "payments-dev, payments-prd",
    "v1, v2",
    "cart-east, cart-west"
  })
  void twoThingsAreNoMisspelling(String wanted, String has) {
    Expect.healthy(
        fallback(CLASS + ", podSelector: {matchLabels: {tier: " + wanted + "}}", OWN)
            .set(Kind.POD, "web", "/metadata/labels/tier", has));
  }

  /** Nobody wants a pod of it now. */
  @Test
  void whatIsScaledToNothingIsThere() {
    Expect.healthy(
        fallback(CLASS + ", podSelector: {matchLabels: {app: wed}}", OWN)
            .object(
                Kind.DEPLOYMENT,
                """
                {metadata: {name: wed, namespace: apps, uid: wed}, status: {},
                 spec: {replicas: 0, template: {metadata: {labels: {app: wed}},
                   spec: {containers: [{name: app, image: "x:1"}]}}}}
                """));
  }

  /** A label of its own makes nobody less visible. */
  @Test
  void whoGainsIsCounted() {
    ClusterScene scene =
        without(CLASS + ", podSelector: {matchLabels: {appp: web}}")
            .copy(Kind.POD, "web", "evil")
            .set(Kind.POD, "evil", "/metadata/namespace", "tenant")
            .set(Kind.POD, "evil", "/metadata/uid", "evil")
            .set(Kind.POD, "evil", "/metadata/labels", "{app: web, aapp: web}");
    assertThat(
            scene.report().findings().stream()
                .map(ranked -> ranked.finding())
                .filter(f -> f.subject().name().equals("web"))
                .findFirst()
                .orElseThrow()
                .remedies()
                .getFirst()
                .summary())
        .contains("then apps/web, tenant/evil get an identity of it");
  }

  @Test
  void whatATemplateGivesIsNotKnown() {
    Report report =
        fallback(
                CLASS + ", podSelector: {matchLabels: {app: wbe}}",
                "'spiffe://{{ .TrustDomain }}/{{ index .PodMeta.Labels \"app\" }}'")
            .report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown().toString())
        .contains("which SPIFFE ID ClusterSPIFFEID payments would give apps/web");
  }
}
