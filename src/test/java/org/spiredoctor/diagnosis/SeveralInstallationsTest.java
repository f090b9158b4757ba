package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.healthy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.kube.Kind;

/** Two SPIREs in one cluster, and two that are one. */
class SeveralInstallationsTest extends SeveralInstallations {
  @Test
  void eachPodIsJudgedByItsOwnServer() {
    Report report =
        OtherSpire.pod(other.in(healthy(), grants(other, "other")), "other", SOCKET).report();
    assertThat(found(report)).isEmpty();
    assertThat(report.unknown()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Report.Verdict.HEALTHY);
  }

  @Test
  void aHintChoosesAmongThoseThatAreThere() {
    ClusterScene scene = OtherSpire.pod(other.in(healthy()), "other", SOCKET);
    assertThat(found(scene.report())).contains("entry-missing other");
    scene.hinting("spire-system");
    assertThat(scene.evidence().spireNamespace()).contains("spire-system");
    assertThat(scene.evidence().ignoredHint()).isEmpty();
    assertThat(found(scene.report())).isEmpty();
    scene.hinting("spire-b");
    assertThat(found(scene.report())).contains("entry-missing other");
  }

  @Test
  void aHintAtNoSpireIsIgnored() {
    ClusterScene scene = healthy().hinting("apps");
    assertThat(scene.evidence().ignoredHint()).contains("apps");
    assertThat(scene.report().verdict()).isEqualTo(Report.Verdict.HEALTHY);
    assertThat(scene.hinting("nowhere").report().verdict()).isEqualTo(Report.Verdict.HEALTHY);
    // What is named is the user's word, and a hint is no other.
    ClusterScene named = scene.spireIn("spire-system");
    assertThat(named.evidence().ignoredHint()).isEmpty();
    assertThat(named.report().verdict()).isEqualTo(Report.Verdict.HEALTHY);
  }

  @Test
  void aSpireThatMayBeWhereNothingIsListedIsUnknown() {
    Report report = healthy().podsOf("apps").hinting("apps").report();
    // The objects that own its pods were listed.
    assertThat(found(report)).isEmpty();
    assertThat(report.unknown())
        .contains(
            new Report.Undetermined("server-not-found", "list pods in namespace spire-system"),
            new Report.Undetermined("agent-not-on-node", "list pods in namespace spire-system"));
    ClusterScene bare = healthy().podsOf("apps").hinting("apps");
    bare.remove(Kind.STATEFUL_SET, "spire-server").remove(Kind.DAEMON_SET, "spire-agent");
    assertThat(found(bare.report())).isEmpty();
    assertThat(bare.report().unknown())
        .filteredOn(unknown -> unknown.id().matches("(server|agent)-not-found"))
        .hasSize(2)
        .allSatisfy(unknown -> assertThat(unknown.missing()).contains("--spire-namespace"));
    assertThat(found(bare.spireIn("apps").report()))
        .anyMatch(one -> one.startsWith("server-not-found"));
  }

  /** Of two sockets it uses the one that its address leads to, be it brought by a driver. */
  @Test
  void aPodWithBothSocketsIsOfTheOneThatItIsToldOf() {
    ClusterScene scene = other.driver(other.in(healthy(), grants(other, "both")), "csi.spiffe.io");
    OtherSpire.pod(scene, "both", "csi: {driver: csi.spiffe.io, readOnly: true}");
    scene.edit(
        Kind.POD,
        "both",
        pod -> {
          ((ArrayNode) pod.at("/spec/containers/0/volumeMounts"))
              .addObject()
              .put("name", "first")
              .put("mountPath", "/first");
          ((ArrayNode) pod.at("/spec/volumes"))
              .addObject()
              .put("name", "first")
              .putObject("hostPath")
              .put("path", "/run/spire/sockets");
        });
    assertThat(found(scene.report())).isEmpty();
    assertThat(scene.report().unknown())
        .noneSatisfy(unknown -> assertThat(unknown.missing()).contains("which SPIRE the pod"));
  }

  @Test
  void oneTrustDomainTwice() {
    OtherSpire twin =
        new OtherSpire("spire-b", "spire", "example.org", "/run/other")
            .at("spire-server.spire-b.svc.cluster.local");
    ClusterScene scene = twin.in(healthy(), grants(twin, "other"));
    assertThat(found(OtherSpire.pod(scene, "other", SOCKET).report())).isEmpty();
    Report report = OtherSpire.pod(scene, "more", SOCKET).report();
    assertThat(found(report)).first().isEqualTo("entry-missing more");
    assertThat(firstCommand(report)).contains("exec -n spire-b spire-server-0");
  }

  @Test
  void aBrokenAgentExplainsNothingOfTheOthers() {
    ClusterScene scene =
        OtherSpire.pod(other.in(healthy(), grants(other, "other")), "other", SOCKET)
            .agentNotReady()
            .webEntry();
    Report report = scene.report();
    assertThat(report.findings())
        .allSatisfy(r -> assertThat(r.finding().subject().name()).isNotEqualTo("other"));
    assertThat(report.causes().map(Finding::id)).contains("agent-not-ready");
    Report second = OtherSpire.pod(other.in(healthy().agentNotReady()), "other", SOCKET).report();
    assertThat(second.causes().map(Finding::id)).contains("entry-missing", "agent-not-ready");
  }

  @Test
  void aServerThatIsSilentLeavesItsPodsUnknown() {
    ClusterScene scene =
        OtherSpire.pod(other.in(healthy()), "other", SOCKET)
            .otherServerFails("spire-b", other.server(), Reason.NOT_ASKED, "--no-exec was given");
    Report report = scene.report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Report.Verdict.UNKNOWN);
    assertThat(report.unknown())
        .contains(
            new Report.Undetermined(
                "identity-not-issued", "run spire-server in its pod: --no-exec was given"));
  }

  @Test
  void whoNamesOneDoesNotAskForTheOther() {
    ClusterScene scene = OtherSpire.pod(other.in(healthy()), "other", SOCKET);
    Report first = scene.spireIn("spire-system").report();
    assertThat(found(first)).isEmpty();
    assertThat(first.verdict()).isEqualTo(Report.Verdict.HEALTHY);
    assertThat(found(scene.spireIn("spire-b").report()))
        .containsExactly("entry-missing other", "identity-not-issued other");
    assertThat(scene.spireIn("spire-system").askingFor("apps", "other").report().unknown())
        .anySatisfy(u -> assertThat(u.missing()).contains("not in the namespace that was named"));
  }

  @Test
  void aPodOfNobodyKnowsWhoIsUnknown() {
    Report report =
        OtherSpire.pod(other.in(healthy()), "lost", "csi: {driver: csi.spiffe.io, readOnly: true}")
            .report();
    assertThat(report.verdict()).isNotEqualTo(Report.Verdict.HEALTHY);
    assertThat(report.unknown())
        .anySatisfy(u -> assertThat(u.missing()).contains("which SPIRE the pod apps/lost"));
  }

  @Test
  void eachReleaseIsComparedWithItsOwnServer() {
    ClusterScene scene = other.in(healthy());
    scene.edit(
        Kind.POD,
        "spire-agent-x1y2z",
        pod -> ((ObjectNode) pod.at("/spec/containers/0")).put("image", "spire-agent:1.13.0"));
    scene.edit(
        Kind.POD,
        "spire-server-0",
        pod -> {
          if (pod.at("/metadata/namespace").asText().equals("spire-system")) {
            ((ObjectNode) pod.at("/spec/containers/0")).put("image", "spire-server:1.13.0");
          }
        });
    scene.set(
        Kind.STATEFUL_SET,
        "spire-server",
        "/spec/template/spec/containers/0/image",
        "spire-server:1.13.0");
    assertThat(found(scene.report())).noneMatch(f -> f.startsWith("spire-version-skew"));
  }

  @Test
  void aTrustDomainThatDiffersInOneHidesNoneThatDiffersInTheOther() {
    Report report =
        other
            .in(healthy())
            .configEdit("spire-agent", "agent.conf", "example.org", "other.org")
            .log(
                "spire-b",
                "spire-agent-q1w2e",
                "spire-agent",
                false,
                "level=error msg=\"no X.509 bundle found for trust domain: c.example\"")
            .notReady("spire-agent-q1w2e")
            .report();
    assertThat(found(report))
        .contains("trust-domain-mismatch spire-agent", "trust-domain-mismatch spire-agent-q1w2e");
  }

  @Test
  void aServerThatDoesNotSayWhoIsAttestedLeavesThatLinkUnseen() {
    Report report =
        OtherSpire.pod(other.in(healthy()), "other", SOCKET)
            .otherServerFails("spire-b", other.server(), Reason.FAILED, "timed out")
            .report();
    assertThat(report.path())
        .filteredOn(link -> link.name().equals("attested"))
        .extracting(Link::state)
        .containsExactly(Link.State.UNSEEN);
  }
}
