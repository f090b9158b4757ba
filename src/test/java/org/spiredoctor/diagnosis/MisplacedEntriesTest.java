package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.kube.Kind;

/** An entry or a declaration at the other of two SPIREs. */
class MisplacedEntriesTest extends SeveralInstallations {
  @Test
  void anEntryOfTheOtherServerDoesNotServe() {
    // The first server would serve it, were it its pod.
    ClusterScene scene = other.in(healthy());
    scene.webEntry(
        entry("web", ClusterScene.WEB, ClusterScene.ALIAS, "k8s:pod-label:app:web"),
        entry(
            "other", "spiffe://example.org/other", ClusterScene.ALIAS, "k8s:pod-label:app:other"));
    Report report = OtherSpire.pod(scene, "other", SOCKET).report();
    assertThat(found(report)).containsExactly("entry-missing other", "identity-not-issued other");
    assertThat(firstCommand(report))
        .startsWith("kubectl exec -n spire-b spire-server-0 -c spire-server -- ")
        .contains("-spiffeID spiffe://b.example/")
        .contains("-parentID spiffe://b.example/spire-nodes");
    assertThat(report.findings().getFirst().finding().evidence())
        .contains(new Finding.Quote("SPIRE", "StatefulSet spire-b/spire-server of b.example"));
  }

  @Test
  void anEntryOnTheWrongServerIsCreatedOnTheRightOne() {
    ClusterScene scene = OtherSpire.pod(other.in(healthy()), "other", SOCKET);
    scene.webEntry(
        entry("web", ClusterScene.WEB, ClusterScene.ALIAS, "k8s:pod-label:app:web"),
        entry(
            "other",
            "spiffe://example.org/other",
            ClusterScene.ALIAS,
            "k8s:ns:apps",
            "k8s:pod-label:app:other"));
    // Whoever may create entries there does not say who is who here.
    assertThat(scene.report().findings().getFirst().finding().remedies())
        .noneMatch(remedy -> remedy.block().contains("b.example/other "));
    assertThat(scene.askingFor("apps", "other").report().findings().getFirst().finding().remedies())
        .noneMatch(remedy -> remedy.block().contains("b.example/other "));
    scene.expecting("spiffe://b.example/other");
    Finding found = scene.report().findings().getFirst().finding();
    assertThat(found.summary())
        .isEqualTo(
            "No entry for spiffe://b.example/other matches the pod, so it has no identity; the entry for"
                + " spiffe://example.org/other is on the server of StatefulSet"
                + " spire-system/spire-server of example.org, whose agents the pod does not use");
    assertThat(firstCommand(scene.report()))
        .contains("exec -n spire-b ", "-spiffeID spiffe://b.example/other ")
        .contains("-selector k8s:pod-label:app:other");
    assertThat(found.remedies().get(1).summary())
        .contains("give it the socket of the agents of StatefulSet spire-system/spire-server");
  }

  /** Two with a controller-manager each; the first pod has what the first one's fallback gives. */
  private ClusterScene declaring(String spec) {
    ClusterScene scene =
        healthy()
            .controllerManager("className: first\nentryIDPrefix: demo\nwatchClassless: false\n")
            .webEntry(
                entry(
                    "demo.1",
                    "spiffe://example.org/ns/apps/sa/default",
                    ClusterScene.AGENT,
                    "k8s:pod-uid:pod-uid-1"));
    other.in(scene, grants(other, "other"));
    scene.configMapIn(
        "spire-b",
        "scm",
        "controller-manager-config.yaml",
        "kind: ControllerManagerConfig\nclassName: second\nentryIDPrefix: b\n");
    scene.edit(
        Kind.POD,
        "spire-server-0",
        pod -> {
          if (pod.at("/metadata/namespace").asText().equals("spire-b")) {
            ((ArrayNode) pod.at("/spec/containers"))
                .addObject()
                .put("name", "manager")
                .put("image", "ghcr.io/spiffe/spire-controller-manager:0.6.4");
            ((ArrayNode) pod.at("/spec/volumes"))
                .addObject()
                .put("name", "scm")
                .putObject("configMap")
                .put("name", "scm");
          }
        });
    return scene
        .object(
            Kind.CLUSTER_SPIFFE_ID,
            """
            {metadata: {name: default}, spec: {className: first, fallback: true, spiffeIDTemplate:
               'spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}'},
             status: {stats: {podsSelected: 1}}}
            """)
        .object(
            Kind.CLUSTER_SPIFFE_ID,
            """
            {metadata: {name: payments}, spec: {className: second, %s
               spiffeIDTemplate: 'spiffe://{{ .TrustDomain }}/payments'},
             status: {stats: {podsSelected: 1}}}
            """
                .formatted(spec));
  }

  @Test
  void theClassOfTheOtherControllerManager() {
    Report report = declaring("podSelector: {matchLabels: {app: web}},").report();
    assertThat(found(report)).containsExactly("identity-fallback web");
    Finding found = report.findings().getFirst().finding();
    assertThat(found.severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(found.summary())
        .contains("not that of ClusterSPIFFEID payments, which makes entries on the server of")
        .contains(
            "StatefulSet spire-b/spire-server of b.example, whose agents the pod does not use");
    assertThat(found.remedies().getFirst().block())
        .isEqualTo(
            "kubectl patch clusterspiffeid payments --type=merge -p"
                + " '{\"spec\":{\"className\":\"first\"}}'");
  }

  /** A pod that sees both sockets can be told of the other one. */
  @Test
  void theSocketOfTheOtherAgent() {
    ClusterScene scene = declaring("podSelector: {matchLabels: {app: web}},");
    scene.edit(
        Kind.POD,
        "web",
        pod -> {
          ((ArrayNode) pod.at("/spec/containers/0/volumeMounts"))
              .addObject()
              .put("name", "second")
              .put("mountPath", "/second");
          ((ArrayNode) pod.at("/spec/volumes"))
              .addObject()
              .put("name", "second")
              .putObject("hostPath")
              .put("path", "/run/other");
        });
    Report report = scene.report();
    assertThat(found(report)).containsExactly("identity-fallback web");
    assertThat(report.findings().getFirst().finding().remedies().getFirst().summary())
        .endsWith("to unix:///second/api.sock, the socket of the agents there");
  }

  /** Whoever expects an identity of the other SPIRE is told that the socket is the wrong one. */
  @Test
  void aPodOfTheOtherTrustDomain() {
    ClusterScene scene = other.in(healthy(), grants(other, "other")).askingFor("apps", "web");
    assertThat(found(scene.expecting(other.id("/web")).report()))
        .containsExactly("trust-domain-mismatch web", "entry-missing web");
    Finding found = scene.report().findings().getFirst().finding();
    assertThat(found.summary())
        .isEqualTo(
            "The pod uses agents of the trust domain example.org, not of b.example, which is that"
                + " of StatefulSet spire-b/spire-server of b.example");
    assertThat(scene.report().findings().get(1).explainedBy()).contains("trust-domain-mismatch");
    // Its server would refuse such an entry.
    assertThat(scene.report().findings().get(1).finding().remedies())
        .allMatch(Remedy.Advice.class::isInstance);
    assertThat(found(scene.expecting(ClusterScene.WEB).report())).isEmpty();
  }

  /** It may be meant for those, and selects pods of the first SPIRE by the same label. */
  @Test
  void aClassOfTheOtherThatHasPodsThereIsRight() {
    assertThat(found(declaring("").report())).isEmpty();
    ClusterScene scene = declaring("podSelector: {matchLabels: {app: web}},");
    OtherSpire.pod(scene, "other", SOCKET)
        .set(Kind.POD, "other", "/metadata/labels", "{app: web}")
        .otherServer(
            "spire-b",
            other.server(),
            List.of(),
            List.of(entry("other", other.id("/other"), other.id("/spire-nodes"), "k8s:ns:apps")));
    assertThat(found(scene.report())).noneMatch(one -> one.startsWith("identity-fallback"));
  }

  /** It serves a pod of its own SPIRE, and so was meant for that. */
  @Test
  void anEntryThatServesPodsOfItsOwnServerIsNotMisplaced() {
    ClusterScene scene = OtherSpire.pod(other.in(healthy()), "other", SOCKET);
    scene.webEntry(entry("web", ClusterScene.WEB, ClusterScene.ALIAS, "k8s:ns:apps"));
    assertThat(scene.report().findings().getFirst().finding().summary())
        .isEqualTo("No entry matches the pod, so it has no identity");
  }

  @Test
  void thePastedCommandFindsTheServersSocket() {
    assertThat(firstCommand(withSocket("/run/private/api.sock")))
        .endsWith(" -socketPath /run/private/api.sock");
    assertThat(firstCommand(withSocket("/tmp/spire-server/private/api.sock")))
        .doesNotContain("-socketPath");
  }

  private static Report withSocket(String path) {
    return healthy()
        .webEntry()
        .configMap(
            "spire-server",
            "server.conf",
            "server { trust_domain = \"example.org\" socket_path = \"%s\" }".formatted(path))
        .report();
  }
}
