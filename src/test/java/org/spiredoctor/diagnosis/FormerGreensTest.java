package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.Link.State;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Kind;

/** What was called healthy though it was not, or though nobody could know. */
class FormerGreensTest {

  private static List<String> ids(Report report) {
    return report.causes().map(Finding::id).toList();
  }

  private static Link link(Report report, String name) {
    return report.path().stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow();
  }

  private static ClusterScene address(String container) {
    return healthy()
        .edit(Kind.POD, "web", pod -> ((ObjectNode) pod.at("/spec/containers/0")).remove("env"))
        .merge(Kind.POD, "web", "/spec/containers/0", container);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{env: [{name: SPIFFE_ENDPOINT_SOCKET}]}",
        "{env: [{name: SPIRE_AGENT_SOCKET}]}",
        "{env: [{name: SPIFFE_ENDPOINT_SOCKET, value: '$(FROM_ELSEWHERE)'}, {name: FROM_ELSEWHERE}]}",
        "{envFrom: [{prefix: APP_}]}"
      })
  void anAddressThatWasNotSeen(String container) {
    Report report = address(container).report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown())
        .anySatisfy(
            one ->
                assertThat(one.missing())
                    .contains("the address of the Workload API that container app of apps/web"));
  }

  @Test
  void anAddressInTheArgumentsIsSeen() {
    Report report =
        address("{envFrom: [{prefix: APP_}], args: [-socket, 'unix:///spire-socket/api.sock']}")
            .report();
    assertThat(report.unknown()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.HEALTHY);
  }

  private static ClusterScene withoutVolume(String container) {
    return address(container)
        .set(Kind.POD, "web", "/spec/volumes", "[]")
        .set(Kind.POD, "web", "/spec/containers/0/volumeMounts", "[]");
  }

  @Test
  void aPodThatNamesTheSocketByArgumentIsExamined() {
    assertThat(ids(withoutVolume("{args: ['-socketPath=/run/spire/sockets/api.sock']}").report()))
        .containsExactly("pod-socket-not-mounted");
    assertThat(ids(withoutVolume("{command: [app, 'unix:/tmp/spiffe/agent.sock']}").report()))
        .containsExactly("pod-socket-not-mounted");
  }

  @Test
  void aPodThatNamesTheSocketByAConfigMapIsUnknown() {
    Report report = withoutVolume("{env: [{name: SPIFFE_ENDPOINT_SOCKET}]}").report();
    assertThat(report.checked().pods()).contains(1);
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Pending, CreateContainerConfigError, pod-not-started",
    "Pending, CreateContainerError, pod-not-started",
    "Running, CreateContainerError, pod-not-started",
    "Running, RunContainerError, pod-not-started",
    "Pending, ImagePullBackOff, pod-image-not-pulled",
    "Running, ImagePullBackOff, pod-image-not-pulled"
  })
  void aContainerThatIsNotCreated(String phase, String reason, String id) {
    Report report = waiting(phase, reason).report();
    assertThat(ids(report)).containsExactly(id);
    assertThat(report.verdict()).isEqualTo(Verdict.PROBLEMS);
  }

  private static ClusterScene waiting(String phase, String reason) {
    return healthy()
        .set(Kind.POD, "web", "/status/phase", phase)
        .set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: 'False'}]")
        .merge(
            Kind.POD,
            "web",
            "/status/containerStatuses/0",
            "{ready: false, state: {waiting: {reason: '%s', message: m}}}".formatted(reason));
  }

  @Test
  void aPodThatHasNotStarted() {
    Report report = waiting("Pending", "ContainerCreating").report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown())
        .anySatisfy(one -> assertThat(one.missing()).contains("apps/web", "have not started yet"));
    assertThat(link(report, "pod").state()).isNotEqualTo(State.HOLDS);
    assertThat(link(report, "pod").text()).isEqualTo("apps/web does not run yet (Pending)");
  }

  @Test
  void aPodWithoutANode() {
    Report report =
        waiting("Pending", "ContainerCreating")
            .set(Kind.POD, "web", "/spec/nodeName", "''")
            .report();
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown())
        .anySatisfy(one -> assertThat(one.missing()).contains("it has no node yet"));
  }

  private static ClusterScene daemonSet(ClusterScene scene, int desired) {
    return scene.merge(
        Kind.DAEMON_SET,
        "spire-agent",
        "/status",
        "{desiredNumberScheduled: %d, numberReady: 1}".formatted(desired));
  }

  @Test
  void aDaemonSetThatLacksPods() {
    ClusterScene scene = daemonSet(healthy(), 3);
    Report blind = scene.report();
    assertThat(ids(blind)).containsExactly("agent-not-on-node");
    assertThat(blind.findings().getFirst().finding().summary()).contains("lacks 2 of 3 pods");
    for (String node : List.of("node-2", "node-3")) {
      scene.object(
          Kind.NODE,
          "{metadata: {name: %1$s, uid: %1$s-uid, labels: {}}, spec: {}, status: {}}"
              .formatted(node));
    }
    Report report = scene.report();
    assertThat(report.findings().getFirst().finding().subject()).isEqualTo(Subject.node("node-2"));
    assertThat(report.findings().getFirst().finding().scope().nodes())
        .containsExactlyInAnyOrder("node-2", "node-3");
    assertThat(report.verdict()).isEqualTo(Verdict.PROBLEMS);
  }

  @Test
  void aNodeThatTheDaemonSetIsNotForIsNotMissed() {
    ClusterScene scene =
        daemonSet(healthy(), 1)
            .object(
                Kind.NODE,
                "{metadata: {name: windows, uid: w}, spec: {taints: [{key: os, value: windows,"
                    + " effect: NoSchedule}]}, status: {}}");
    assertThat(scene.report().verdict()).isEqualTo(Verdict.HEALTHY);
  }

  private static Entry federating(String domain) {
    Entry web = entry("web", ClusterScene.WEB, ClusterScene.ALIAS, "k8s:ns:apps");
    return new Entry(
        web.id(),
        web.spiffeId(),
        web.parentId(),
        web.selectors(),
        Optional.empty(),
        web.createdAt(),
        false,
        false,
        "",
        List.of(domain),
        Entry.Settings.NONE);
  }

  @Test
  void anEntryThatFederatesWithWhatTheServerDoesNotKnow() {
    ClusterScene scene = healthy().webEntry(federating("spiffe://other.example"));
    Report report = scene.report();
    assertThat(ids(report)).containsExactly("federation-bundle-missing");
    assertThat(report.findings().getFirst().finding().summary()).contains("other.example");
    scene.federated(
        ClusterScene.bundleOf(
            "other.example",
            ClusterScene.authority(
                ClusterScene.NOW.minusSeconds(100), ClusterScene.NOW.minusSeconds(1), false)));
    assertThat(ids(scene.report())).containsExactly("federation-bundle-missing");
    scene.federated(
        ClusterScene.bundleOf(
            "other.example",
            ClusterScene.authority(
                ClusterScene.NOW.minusSeconds(100), ClusterScene.NOW.plusSeconds(100), false)));
    assertThat(scene.report().verdict()).isEqualTo(Verdict.HEALTHY);
  }

  @Test
  void aServerOfAnotherTrustDomainThanTheAgents() {
    Report report =
        healthy()
            .askedAt("spire.elsewhere:8081", "spiffe://other.example/admin")
            .bundle(
                ClusterScene.bundleOf(
                    "other.example",
                    ClusterScene.authority(
                        ClusterScene.NOW.minusSeconds(100),
                        ClusterScene.NOW.plusSeconds(100),
                        false)))
            .report();
    assertThat(report.verdict()).isEqualTo(Verdict.PROBLEMS);
    assertThat(ids(report)).contains("trust-domain-mismatch");
  }

  @Test
  void thePathCountsOnlyPodsThatRunBesideAnAgentThatIsReady() {
    ClusterScene scene = healthy().copy(Kind.POD, "web", "web-2");
    assertThat(link(scene.report(), "pods"))
        .isEqualTo(
            new Link("pods", State.HOLDS, "2 of 2 run and have an entry that is served to them"));
    scene.set(Kind.POD, "web-2", "/spec/nodeName", "node-9");
    assertThat(link(scene.report(), "pods").state()).isEqualTo(State.BROKEN);
    assertThat(link(scene.report(), "pods").text())
        .isEqualTo("1 of 2 have an entry that is served to them");
    scene
        .set(Kind.POD, "web-2", "/spec/nodeName", "node-1")
        .set(Kind.POD, "web-2", "/status/phase", "Pending");
    assertThat(link(scene.report(), "pods").state()).isEqualTo(State.UNSEEN);
    assertThat(link(scene.report(), "pods").text())
        .isEqualTo("2 of 2 have an entry that is served to them; 1 of these does not run");
  }

  @Test
  void thePathCountsTheAgentsThatThereShouldBe() {
    Link agents = link(daemonSet(healthy().copy(Kind.POD, "web", "web-2"), 3).report(), "agents");
    assertThat(agents.state()).isEqualTo(State.BROKEN);
    assertThat(agents.text()).endsWith("1 of 3 ready");
  }

  @Test
  void aConfigurationThatNoConfigMapHolds() {
    Report report =
        healthy()
            .edit(
                Kind.POD,
                "spire-agent-x1y2z",
                pod -> ((ArrayNode) pod.at("/spec/volumes")).remove(0))
            .report();
    assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(report.unknown())
        .anySatisfy(
            one ->
                assertThat(one.missing()).contains("the configuration of DaemonSet spire-system"));
  }
}
