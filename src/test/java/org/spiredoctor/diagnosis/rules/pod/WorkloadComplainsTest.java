package org.spiredoctor.diagnosis.rules.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Link;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.kube.Kind;

/** A complaint of now stands, and one that is over does not. */
class WorkloadComplainsTest {
  private static final String NOW = "time=\"2026-01-02T03:04:00Z\" level=error ";
  private static final String LATER = "time=\"2026-01-02T03:04:03Z\" level=info ";
  private static final String THEN = "time=\"2026-01-02T02:44:00Z\" level=error ";
  private static final String DENIED =
      "msg=\"Error while watching x509 context: rpc error: code = PermissionDenied desc = no"
          + " identity issued\" system=spiffe-helper\n";

  private static final String AGENT_DENIED =
      "msg=\"No identity issued\" pid=4711 registered=false service=WorkloadAPI";

  private static ClusterScene saying(String log) {
    return ClusterScene.healthy().askingFor("apps", "web").log("apps", "web", "app", false, log);
  }

  private static ClusterScene unready(ClusterScene scene) {
    return scene
        .set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: \"False\"}]")
        .set(Kind.POD, "web", "/status/containerStatuses/0/ready", "false");
  }

  private static ClusterScene ended(ClusterScene scene, String message) {
    return unready(scene)
        .set(
            Kind.POD,
            "web",
            "/status/containerStatuses/0/state",
            "{waiting: {reason: CrashLoopBackOff}}")
        .set(
            Kind.POD,
            "web",
            "/status/containerStatuses/0/lastState",
            "{terminated: {exitCode: 1, reason: Error, finishedAt: '2026-01-02T03:02:00Z',"
                + " message: '"
                + message
                + "'}}");
  }

  @Test
  void workloadComplains() {
    Finding found = Expect.first("workload-complains", saying(NOW + DENIED));
    assertThat(found.severity()).isEqualTo(Severity.ERROR);
    assertThat(found.summary())
        .isEqualTo("The container app reports that the pod gets no identity");
    assertThat(found.evidence().toString()).contains("code = PermissionDenied desc = no identity");
  }

  private static ClusterScene asUser(ClusterScene scene, String id) {
    return scene.merge(Kind.POD, "web", "/spec", "{securityContext: {runAsUser: " + id + "}}");
  }

  @Test
  void whoIsKeptFromTheSocketIsNamed() {
    String kept = "dial unix /spire-socket/api.sock: connect: permission denied";
    Finding found =
        Expect.first("workload-complains", asUser(saying(NOW + "msg=\"" + kept + "\"\n"), "1000"));
    assertThat(found.summary())
        .isEqualTo(
            "The container app reports that user 1000 is not allowed to reach the agent's socket"
                + " (permission denied)");
    assertThat(found.remedies().getLast().summary()).contains("0755", "fsGroup", "SELinux");
    Finding ended =
        Expect.first(
            "workload-complains",
            asUser(ended(ClusterScene.healthy().askingFor("apps", "web"), kept), "1000"));
    assertThat(ended.summary()).contains("user 1000 is not allowed to reach");
  }

  @ParameterizedTest
  @ValueSource(strings = {"permission denied", "no such file or directory"})
  void aClientsOwnFileIsNotTheSocket(String why) {
    Finding found =
        Expect.first(
            "workload-complains",
            asUser(
                saying(
                    NOW
                        + "level=error msg=\"Error while watching x509 context: unable to write"
                        + " /certs/svid.pem: open /certs/svid.pem: "
                        + why
                        + "\"\n"),
                "1000"));
    assertThat(found.summary())
        .isEqualTo(
            "The container app reports that it cannot use its file /certs/svid.pem; this line does"
                + " not show that the Workload API fails");
    assertThat(found.remedies().getLast().summary())
        .contains("/certs/svid.pem", "user 1000")
        .doesNotContain("socket");
  }

  /** The modes of directories on the node do not show from outside. */
  @Test
  void whetherAUserMayPassIsSaidNotToBeKnown() {
    ClusterScene well = asUser(ClusterScene.healthy().askingFor("apps", "web"), "1000");
    Expect.healthy(well);
    assertThat(well.report().path().getLast().text())
        .endsWith(
            "is spiffe://example.org/web; whether user 1000 of container app is allowed to enter"
                + " the directory of the socket is not seen from outside");
    assertThat(unready(well).report().unknown().toString())
        .contains("socket-permission-denied", "whether user 1000 of container app");
    ClusterScene root = asUser(ClusterScene.healthy().askingFor("apps", "web"), "0");
    assertThat(root.report().path().getLast().text()).doesNotContain("whether");
    assertThat(unready(root).report().unknown()).isEmpty();
  }

  @Test
  void aSuccessOfTheSameKindEndsIt() {
    Expect.healthy(saying(NOW + DENIED + LATER + "msg=\"X.509 certificates updated\"\n"));
    Expect.healthy(
        saying(
            NOW + DENIED + LATER + "msg=\"Received update\" spiffe_id=spiffe://example.org/web\n"));
    Expect.healthy(
        saying(
            """
            rpc error: code = PermissionDenied desc = no identity issued
            Received 1 svid after 3.2s
            """));
    Expect.first(
        "workload-complains", saying(NOW + DENIED + LATER + "msg=\"JWT bundle updated\"\n"));
  }

  @Test
  void silenceEndsWhatWouldBeRepeated() {
    Expect.healthy(saying(THEN + DENIED));
    Finding found =
        Expect.first(
            "workload-complains", saying(THEN + "msg=\"new X509Source: deadline exceeded\"\n"));
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    assertThat(found.confidence()).isEqualTo(Confidence.POSSIBLE);
  }

  @Test
  void withoutATimeItIsAnErrorOnlyOfAPodThatIsNotReady() {
    String log = "no identity issued\n";
    assertThat(Expect.first("workload-complains", saying(log)).severity())
        .isEqualTo(Severity.WARNING);
    assertThat(Expect.first("workload-complains", unready(saying(log))).severity())
        .isEqualTo(Severity.ERROR);
    assertThat(
            Expect.first("workload-complains", unready(saying(log + "at work\n".repeat(30))))
                .severity())
        .isEqualTo(Severity.WARNING);
  }

  @Test
  void aContainerThatEndedSaysItInItsLogOrTerminationMessage() {
    ClusterScene scene = ended(ClusterScene.healthy().askingFor("apps", "web"), "");
    Expect.first("pod-crashing", scene);
    Finding found =
        Expect.first(
            "workload-complains",
            scene.log("apps", "web", "app", true, "fetch: no identity issued\n"));
    assertThat(found.severity()).isEqualTo(Severity.ERROR);
    Expect.first(
        "workload-complains",
        ended(ClusterScene.healthy().askingFor("apps", "web"), "no identity issued"));
  }

  @Test
  void aRestartEndsIt() {
    Expect.healthy(saying("level=info msg=ready\n").log("apps", "web", "app", true, NOW + DENIED));
  }

  @Test
  void whatIsNewerThanItEndsIt() {
    Expect.healthy(
        saying(NOW + DENIED)
            .set(
                Kind.POD,
                "spire-agent-x1y2z",
                "/status/containerStatuses/0/state",
                "{running: {startedAt: '2026-01-02T03:03:50Z'}}"));
  }

  @Test
  void whoDoesNotUseTheSocketMayTellOfOthers() {
    Expect.healthy(
        saying("")
            .edit(
                Kind.POD,
                "web",
                pod ->
                    ((ArrayNode) pod.at("/spec/containers"))
                        .addObject()
                        .put("name", "shipper")
                        .put("image", "shipper:1"))
            .log("apps", "web", "shipper", false, NOW + DENIED));
  }

  /** The entry is served, and yet the pod has no identity. */
  @Test
  void thePathDoesNotEndInAnIdentityThatIsRefuted() {
    Link healthy = saying("").report().path().getLast();
    assertThat(healthy.state()).isEqualTo(Link.State.HOLDS);
    assertThat(healthy.text()).isEqualTo("apps/web is " + ClusterScene.WEB);
    Link refuted = saying(NOW + DENIED).report().path().getLast();
    assertThat(refuted.state()).isEqualTo(Link.State.UNSEEN);
    assertThat(refuted.text())
        .isEqualTo("apps/web is " + ClusterScene.WEB + " by its entry, but an error was found");
  }

  @Test
  void aCauseExplainsIt() {
    Expect.first("entry-missing", saying(NOW + DENIED).webEntry());
  }

  @Test
  void theAgentDeniesThePod() {
    String selectors = " selectors=\"[type:\\\"k8s\\\" value:\\\"pod-uid:pod-uid-1\\\"]\"\n";
    Finding found =
        Expect.first(
            "workload-complains",
            unready(ClusterScene.healthy()).agentLog(NOW + AGENT_DENIED + selectors));
    assertThat(found.severity()).isEqualTo(Severity.ERROR);
    assertThat(found.summary()).isEqualTo("The agent reports that the pod gets no identity");
    String attested =
        LATER + "msg=\"PID attested to have selectors\" pid=4711" + selectors.replace("\n", "");
    Expect.first(
        "workload-complains",
        unready(ClusterScene.healthy()).agentLog(attested + "\n" + NOW + AGENT_DENIED + "\n"));
    Expect.healthy(
        unready(ClusterScene.healthy())
            .agentLog(
                attested
                    + "\n"
                    + NOW
                    + AGENT_DENIED
                    + "\n"
                    + LATER
                    + "msg=\"Fetched X.509 SVID\" pid=4711\n"));
    Expect.healthy(
        unready(ClusterScene.healthy())
            .agentLog(NOW + AGENT_DENIED + selectors.replace("uid-1", "uid-2")));
    Expect.healthy(ClusterScene.healthy().agentLog(THEN + AGENT_DENIED + selectors));
  }

  /** As a program does whose path names another pod. */
  @Test
  void thePathOfAProgramNamesNoPod() {
    String path = "type:\\\"unix\\\" value:\\\"path:/pod-uid:pod-uid-2\\\"";
    String pod = "type:\\\"k8s\\\" value:\\\"pod-uid:pod-uid-1\\\"";
    ClusterScene scene = unready(ClusterScene.healthy());
    Expect.first(
        "workload-complains",
        scene.agentLog(NOW + AGENT_DENIED + " selectors=\"[" + path + " " + pod + "]\"\n"));
    Expect.healthy(
        unready(ClusterScene.healthy())
            .agentLog(
                NOW
                    + AGENT_DENIED
                    + " selectors=\"["
                    + path.replace("uid-2", "uid-1")
                    + pod.replace("pod-uid:pod-uid-1", "ns:apps")
                    + "]\"\n"));
  }

  @Test
  void aForbiddenLogSpoilsNothingWhileThePodIsReady() {
    ClusterScene scene =
        ClusterScene.healthy()
            .askingFor("apps", "web")
            .logUnseen("apps", "web", "app", Reason.FORBIDDEN);
    Expect.healthy(scene);
    Expect.unknown("cluster-forbidden", unready(scene));
  }
}
