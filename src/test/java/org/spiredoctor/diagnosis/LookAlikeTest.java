package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Kind;

/** A tenant's objects that call themselves SPIRE, beside a real one. */
class LookAlikeTest {
  private static final String REAL = "spire-system:spire-agent";

  /** Everything that a tenant can write: server, agents, service, and configuration that agree. */
  private static ClusterScene complete() {
    return new OtherSpire("tenant", "spire", "example.org", "/").in(healthy());
  }

  /** A deployment of no pods. */
  private static ClusterScene idle(ClusterScene scene, String namespace, String program) {
    return scene
        .object(
            Kind.DEPLOYMENT,
            """
            {metadata: {name: %1$s, namespace: %2$s, uid: %2$s-%1$s},
             spec: {replicas: 0, template: {metadata: {labels: {app: %1$s}},
               spec: {hostPID: true, containers: [{name: x, image: "evil/%1$s:1",
                   volumeMounts: [{name: all, mountPath: /run/spire}]}],
                 volumes: [{name: all, hostPath: {path: /}}, {name: c, configMap: {name: x}}]}}},
             status: {}}
            """
                .formatted(program, namespace))
        .configMapIn(
            namespace,
            "x",
            "x.conf",
            """
            agent {
              trust_domain = "example.org"
              server_address = "spire-server.spire-system"
              socket_path = "/run/spire/api.sock"
            }
            server { trust_domain = "example.org" }
            """);
  }

  private static List<String> parts(ClusterEvidence evidence) {
    return evidence.installations().stream()
        .flatMap(one -> one.components())
        .map(Component::inWords)
        .toList();
  }

  private static void onlyTheRealOne(ClusterScene scene) {
    ClusterEvidence evidence = scene.evidence();
    assertThat(evidence.installations()).hasSize(1);
    assertThat(parts(evidence))
        .containsExactlyInAnyOrder(
            "StatefulSet spire-system/spire-server", "DaemonSet spire-system/spire-agent");
    assertThat(evidence.installations().getFirst().components())
        .allMatch(Component::isCorroborated);
    assertThat(evidence.aside()).isNotEmpty().noneMatch(Component::isCorroborated);
    Report report = scene.report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.HEALTHY);
  }

  @Test
  void deploymentsOfNoPodsDecideNothing() {
    onlyTheRealOne(idle(healthy(), "tenant", "spire-server"));
    onlyTheRealOne(idle(healthy(), "tenant", "spire-agent"));
    onlyTheRealOne(
        idle(idle(healthy(), "tenant", "spire-server"), "another-tenant", "spire-agent"));
  }

  @Test
  void norDoesOneOfNoPodsInSpiresOwnNamespace() {
    ClusterEvidence evidence =
        idle(idle(healthy(), "spire-system", "old-spire-server"), "spire-system", "old-spire-agent")
            .evidence();
    assertThat(evidence.installations()).hasSize(1);
    assertThat(parts(evidence)).hasSize(2);
  }

  @Test
  void aServerThatIsScaledToNoneIsStillTheServer() {
    ClusterScene scene =
        healthy()
            .set(Kind.STATEFUL_SET, "spire-server", "/spec/replicas", "0")
            .remove(Kind.POD, "spire-server-0");
    idle(scene, "tenant", "spire-server");
    assertThat(parts(scene.evidence())).contains("StatefulSet spire-system/spire-server");
    assertThat(scene.report().findings().getFirst().finding().subject().name())
        .isEqualTo("spire-server");
  }

  /** The image's name is all that it has; it runs, and without access to the node. */
  private static ClusterScene pod(ClusterScene scene, String program) {
    return scene.object(
        Kind.POD,
        """
            {metadata: {name: evil, namespace: tenant, uid: evil, labels: {app: evil}},
             spec: {nodeName: node-1, serviceAccountName: default,
               containers: [{name: x, image: "evil/%s:1"}]},
             status: {phase: Running, conditions: [{type: Ready, status: "True"}],
               containerStatuses: [{name: x, ready: true, restartCount: 0, state: {running: {}}}]}}
            """
            .formatted(program));
  }

  @ParameterizedTest
  @ValueSource(strings = {"spire-server", "spire-agent"})
  void aPodWithSuchAnImageDecidesNothing(String program) {
    onlyTheRealOne(pod(healthy(), program));
    onlyTheRealOne(pod(healthy().kubeletRights(REAL), program));
  }

  @Test
  void whatATenantWritesIsNoProofWhereTheRealOneHasRights() {
    onlyTheRealOne(complete().kubeletRights(REAL));
  }

  @Test
  void norWhereTheUserNamesTheRealOne() {
    onlyTheRealOne(
        new OtherSpire("tenant", "evil", "example.org", "/")
            .at("spire-server.spire-system")
            .in(healthy().spireIn("spire-system")));
  }

  @Test
  void norWhileTheRealOneIsBroken() {
    ClusterScene scene =
        complete().kubeletRights(REAL).serverCrashes("level=error msg=\"Fatal run error\"\n");
    assertThat(parts(scene.evidence())).allMatch(name -> name.contains("spire-system/"));
    assertThat(scene.report().causes().map(one -> one.subject().namespace().orElse("")))
        .containsOnly("spire-system");
  }

  @Test
  void agentsThatPointToTheRealServerAreNotItsAgents() {
    OtherSpire evil =
        new OtherSpire("tenant", "evil", "example.org", "/").at("spire-server.spire-system");
    ClusterScene scene =
        evil.in(healthy().kubeletRights(REAL)).remove(Kind.STATEFUL_SET, "evil-server");
    // It has no server of its own, and so nobody who answers for it.
    scene
        .remove(Kind.POD, evil.server())
        .otherServer("tenant", evil.server(), List.of(), List.of());
    onlyTheRealOne(scene);
  }

  @Test
  void ofTwoThatNothingTellsApartNeitherIsCorroborated() {
    ClusterEvidence evidence = complete().evidence();
    assertThat(evidence.installations()).hasSize(2);
    assertThat(evidence.servers()).noneMatch(Component::isCorroborated);
    assertThat(evidence.agents()).noneMatch(Component::isCorroborated);
  }

  @Test
  void whereTwoAreCorroboratedTheyAreTwo() {
    ClusterEvidence evidence =
        complete().kubeletRights(REAL).kubeletRights("tenant:spire-agent").evidence();
    assertThat(evidence.installations()).hasSize(2).allMatch(one -> one.isCorroborated());
    assertThat(evidence.aside()).isEmpty();
  }

  @Test
  void whomTheRealServerListsOrAllowsIsItsAgent() {
    // The chart's agents are in another namespace than its server.
    ClusterScene scene = complete();
    for (Kind kind : List.of(Kind.POD, Kind.DAEMON_SET)) {
      for (String name : List.of("spire-agent-x1y2z", "spire-agent")) {
        scene.edit(
            kind,
            name,
            o -> {
              if (o.at("/metadata/namespace").asText().equals("spire-system")) {
                ((ObjectNode) o.at("/metadata")).put("namespace", "spire-agents");
              }
            });
      }
    }
    scene.configEdit("spire-server", "server.conf", "spire-system:", "spire-agents:");
    scene.allowed("spire-server", "create", "authentication.k8s.io", "tokenreviews");
    scene.allowed("spire-server", "get", "", "nodes");
    assertThat(scene.evidence().agents())
        .singleElement()
        .satisfies(
            agents -> {
              assertThat(agents.namespace()).isEqualTo("spire-agents");
              assertThat(agents.corroboration().orElse("")).contains("spire-server");
            });
  }

  @Test
  void aPodOfTheLookAlikeIsUnknownAndNotHealthy() {
    ClusterScene scene =
        new OtherSpire("tenant", "spire", "b.example", "/run/other")
            .in(healthy())
            .kubeletRights(REAL);
    OtherSpire.pod(scene, "other", "hostPath: {path: /run/other, type: Directory}");
    // With SPIRE's own socket it would be given another's identity.
    Report report = scene.report();
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown())
        .anySatisfy(one -> assertThat(one.missing()).contains("--spire-namespace"));
  }

  @Test
  void aLookAlikeWithTheSameSocketTakesNoPodAway() {
    ClusterScene scene =
        new OtherSpire("tenant", "spire", "b.example", "/run/spire/sockets")
            .in(healthy())
            .kubeletRights(REAL);
    onlyTheRealOne(scene);
    assertThat(new ClusterCase(scene.evidence()).pods()).hasSize(1);
  }

  @Test
  void aNameOfTheWorldOutsideCorroboratesNoNamespace() {
    ClusterScene scene =
        healthy()
            .kubeletRights("spire-system:spire-agent")
            .configEdit("spire-agent", "agent.conf", "\"spire-server\"", "\"spire-server.com\"");
    ClusterEvidence evidence =
        new OtherSpire("com", "spire", "example.org", "/run/com")
            .in(scene)
            .remove(Kind.SERVICE, "spire-server")
            .object(
                Kind.SERVICE,
                "{metadata: {name: web, namespace: apps}, spec: {selector: {app: web}}}")
            .evidence();
    assertThat(evidence.servers()).extracting(Component::namespace).containsExactly("spire-system");
    assertThat(evidence.aside()).extracting(Component::namespace).containsOnly("com");
  }
}
