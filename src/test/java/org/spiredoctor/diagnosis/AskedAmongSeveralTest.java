package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.kube.Kind;

/** One server is asked over its API, and the cluster has several. */
class AskedAmongSeveralTest {
  private static final String SERVER = "/run/spire/api.sock";
  private static final String SOCKET = "hostPath: {path: /run/other, type: Directory}";

  private static ClusterScene two(String domain) {
    return new OtherSpire("spire-b", "spire", domain, "/run/other")
        .at("spire-server.spire-b.svc.cluster.local")
        .in(healthy())
        .kubeletRights("spire-system:spire-agent")
        .kubeletRights("spire-b:spire-agent")
        .askedOn(SERVER);
  }

  /** The cluster's SPIREs are of other trust domains than the server that is asked. */
  private static ClusterScene third() {
    return two("b.example")
        .configEdit("spire-server", "server.conf", "example.org", "a.example")
        .configEdit("spire-agent", "agent.conf", "example.org", "a.example");
  }

  private static List<Boolean> told(ClusterEvidence evidence) {
    return evidence.installations().stream().map(one -> one.entries().seen().isPresent()).toList();
  }

  @Test
  void itIsToldByItsTrustDomain() {
    assertThat(told(two("b.example").evidence())).containsExactly(true, false);
  }

  @Test
  void itsBundleTellsItWhereNoAgentAttested() {
    assertThat(told(two("b.example").attested().evidence())).containsExactly(true, false);
  }

  @Test
  void oneOfNoneOfThemIsOneMore() {
    ClusterEvidence evidence = third().evidence();
    assertThat(evidence.entries().seen()).isPresent();
    assertThat(told(evidence)).containsExactly(false, false, true);
    Installation asked = evidence.installations().getLast();
    assertThat(asked.components()).isEmpty();
    InstallationCase home =
        new ClusterCase(evidence)
            .installations().stream()
                .filter(one -> one.installation() == asked)
                .findFirst()
                .orElseThrow();
    assertThat(home.commands().command("healthcheck"))
        .isEqualTo("spire-server healthcheck -socketPath " + SERVER);
    Report report = third().report();
    assertThat(report.verdict()).isEqualTo(Report.Verdict.UNKNOWN);
    assertThat(report.findings()).isEmpty();
  }

  @Test
  void ofTwoOfOneTrustDomainItIsNotKnownWhich() {
    ClusterScene scene = OtherSpire.pod(two("example.org"), "other", SOCKET);
    assertThat(told(scene.evidence())).containsExactly(false, false, true);
    Report report = scene.report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Report.Verdict.UNKNOWN);
  }

  @Test
  void whyItDidNotAnswerIsTold() {
    ClusterEvidence evidence =
        two("b.example").serverFails(Reason.FAILED, "Connection refused").evidence();
    assertThat(evidence.entries().missing().orElse("")).contains("Connection refused");
  }

  @Test
  void aNamespaceWithoutSpireDoesNotHideWhatItSaid() {
    ClusterEvidence evidence = two("b.example").spireIn("elsewhere").evidence();
    assertThat(evidence.entries().seen()).isPresent();
    assertThat(healthy().spireIn("elsewhere").evidence().entries().seen()).isEmpty();
  }

  @Test
  void aNamespaceThatIsNamedLeavesTheOtherServersAnswerOut() {
    assertThat(two("b.example").spireIn("spire-b").evidence().entries().seen()).isEmpty();
    assertThat(two("b.example").spireIn("spire-system").evidence().entries().seen()).isPresent();
  }

  @Test
  void aPodOfTheOtherIsNotServedByIt() {
    ClusterScene scene = OtherSpire.pod(two("b.example"), "other", SOCKET);
    assertThat(scene.askingFor("apps", "web").report().path())
        .contains(new Link("server", Link.State.HOLDS, "its socket " + SERVER));
    Report other = scene.askingFor("apps", "other").report();
    assertThat(other.findings()).isEmpty();
    assertThat(other.verdict()).isEqualTo(Report.Verdict.UNKNOWN);
  }

  @Test
  void aServerOfWhichNoPodIsSeenIsAskedAllTheSame() {
    ClusterScene scene =
        healthy()
            .remove(Kind.POD, "spire-server-0")
            .remove(Kind.STATEFUL_SET, "spire-server")
            .askedOn(SERVER)
            .webEntry();
    ClusterEvidence evidence = scene.evidence();
    assertThat(told(evidence)).containsExactly(true);
    assertThat(evidence.servers()).isEmpty();
    assertThat(scene.report().findings().getFirst().finding().remedies().getFirst())
        .isInstanceOfSatisfying(
            Remedy.EntryChange.class,
            change ->
                assertThat(change.command())
                    .startsWith("spire-server entry create ")
                    .endsWith(" -socketPath " + SERVER));
    assertThat(
            healthy()
                .withoutCluster()
                .askedOn(SERVER)
                .spireIn("spire-system")
                .evidence()
                .entries()
                .seen())
        .isPresent();
  }
}
