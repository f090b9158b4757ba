package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.AGENT;
import static org.spiredoctor.diagnosis.ClusterScene.entry;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.kube.Kind;

/**
 * ClusterSPIFFEIDs that were meant for a pod, and did not come to it; the classes are the chart's.
 */
class DeclarationRulesTest {
  private static final String BY_ACCOUNT =
      "'spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}'";
  private static final String OWN = "'spiffe://{{ .TrustDomain }}/payments/{{.PodMeta.Name}}'";
  private static final String CLASS = "className: spire-server-spire";

  /** As the chart installs it, with one more object. */
  private static ClusterScene chart(String spec, String template, String status) {
    return ClusterScene.healthy()
        .controllerManager(CLASS + "\nentryIDPrefix: demo\nwatchClassless: false\n")
        .object(
            Kind.CLUSTER_SPIFFE_ID,
            "{metadata: {name: payments}, spec: {%s, spiffeIDTemplate: %s}, status: {stats: {%s}}}"
                .formatted(spec, template, status));
  }

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

  private static ClusterScene without(String spec) {
    return chart(spec, OWN, "podsSelected: 0").webEntry();
  }

  @Test
  void identityFallback() {
    Finding found =
        Expect.first(
            "identity-fallback", fallback(CLASS + ", podSelector: {matchLabels: {app: wbe}}", OWN));
    assertThat(found.severity()).isEqualTo(Finding.Severity.ERROR);
    assertThat(found.summary())
        .isEqualTo(
            "The pod has the fallback's identity spiffe://example.org/ns/apps/sa/default and not"
                + " that of ClusterSPIFFEID payments, which wants app=wbe");
    assertThat(found.evidence().toString())
        .contains("would give it spiffe://example.org/payments/web")
        .contains("podSelector wants app=wbe, the labels have app=web")
        .contains("podsSelected 0");
    assertThat(found.remedies().getFirst().block())
        .isEqualTo(
            "kubectl patch clusterspiffeid payments --type=merge -p"
                + " '{\"spec\":{\"podSelector\":{\"matchLabels\":{\"app\":\"web\"}}}}'");
  }

  @Test
  void identityFallbackSinceNobodyHeedsTheClass() {
    Finding found =
        Expect.first("identity-fallback", fallback("podSelector: {matchLabels: {app: web}}", OWN));
    assertThat(found.summary()).contains("its className is not the one");
    assertThat(found.remedies().getFirst().block())
        .contains("patch clusterspiffeid payments", "\"className\":\"spire-server-spire\"");
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

  @Test
  void clusterSpiffeIdMismatch() {
    Finding slip =
        Expect.first(
            "cluster-spiffe-id-mismatch",
            without(CLASS + ", podSelector: {matchLabels: {appp: web}}"));
    assertThat(slip.confidence()).isEqualTo(Confidence.LIKELY);
    assertThat(slip.remedies().getFirst().block())
        .contains("{\"matchLabels\":{\"appp\":null,\"app\":\"web\"}}");
    Finding label =
        Expect.first(
            "cluster-spiffe-id-mismatch",
            without(
                CLASS + ", podSelector: {matchLabels: {app: web, spiffe.io/managed: \"true\"}}"));
    assertThat(label.confidence()).isEqualTo(Confidence.POSSIBLE);
    assertThat(label.remedies().getFirst().block()).contains("spiffe.io/managed: \"true\"");
    Finding namespace =
        Expect.first(
            "cluster-spiffe-id-mismatch",
            without(CLASS + ", namespaceSelector: {matchLabels: {team: payments}}"));
    assertThat(namespace.remedies().getFirst().block())
        .isEqualTo("kubectl label namespace apps team=payments");
    Expect.first("entry-missing", without(CLASS + ", podSelector: {matchLabels: {app: db}}"));
    Expect.first("entry-missing", without(CLASS + ", podSelector: {matchLabels: {a: b, c: d}}"));
  }
}
