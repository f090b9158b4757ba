package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.kube.Kind;

/** Each rule about agents and kubelets that reads the agents' logs. */
class ClusterKubeletRulesTest {
  private static final String TIME = "time=\"2026-01-02T03:03:00Z\" ";

  /** As SPIRE 1.13 wraps what the k8s attestor says. */
  private static ClusterScene attestorSays(String error) {
    return ClusterScene.healthy().agentLog(failed(error));
  }

  private static String failed(String error) {
    return TIME
        + "level=error msg=\"Failed to collect all selectors for PID\" error=\"workload attestor"
        + " \\\"k8s\\\" failed: rpc error: code = Internal desc = workloadattestor(k8s): "
        + error.replace("\"", "\\\"")
        + "\" pid=42\n";
  }

  private static String command(Finding finding) {
    return ((Remedy.Command) finding.remedies().getFirst()).command();
  }

  private static final String FORBIDDEN =
      "unexpected status code on pods response: 403 Forbidden (user=system:serviceaccount:"
          + "spire-system:spire-agent, verb=get, resource=nodes, subresource(s)=[pods proxy])";

  @Test
  void kubeletForbidden() {
    Finding found = Expect.first("kubelet-forbidden", attestorSays(FORBIDDEN));
    assertThat(command(found))
        .isEqualTo(
            "kubectl create clusterrole spire-agent-kubelet --verb=get"
                + " --resource=nodes/proxy,nodes/pods --dry-run=client -o yaml"
                + " | kubectl apply -f -"
                + " && kubectl create clusterrolebinding spire-agent-kubelet"
                + " --clusterrole=spire-agent-kubelet"
                + " --serviceaccount=spire-system:spire-agent --dry-run=client -o yaml"
                + " | kubectl apply -f -"
                + " && kubectl delete pod -n spire-system spire-agent-x1y2z");
    Finding several =
        Expect.first(
            "kubelet-forbidden",
            attestorSays(FORBIDDEN)
                .copy(Kind.POD, "spire-agent-x1y2z", "spire-agent-2")
                .log("spire-system", "spire-agent-2", "spire-agent", false, failed(FORBIDDEN)));
    assertThat(command(several))
        .endsWith(" && kubectl rollout restart -n spire-system daemonset/spire-agent");
    Finding anonymous =
        Expect.first(
            "kubelet-forbidden",
            attestorSays(FORBIDDEN.replaceAll("system:serviceaccount[^,]*", "system:anonymous")));
    assertThat(anonymous.remedies().getFirst().summary()).contains("webhook");
    // As 1.15.3 says it.
    Expect.first(
        "kubelet-forbidden",
        ClusterScene.healthy()
            .agentLog(
                TIME
                    + "level=warning msg=\"Unable to get pod list; will retry after backoff\""
                    + " error=\""
                    + FORBIDDEN
                    + "\"\n"));
  }

  /** Of a fleet not all logs are read. */
  @Test
  void agentsWhoseLogsWereNotReadAreTakenToFailAsAllOthersDo() {
    ClusterScene scene = attestorSays(FORBIDDEN);
    for (String other : List.of("2", "3")) {
      scene
          .copy(Kind.POD, "spire-agent-x1y2z", "spire-agent-" + other)
          .set(Kind.POD, "spire-agent-" + other, "/spec/nodeName", "node-" + other);
    }
    scene.log("spire-system", "spire-agent-2", "spire-agent", false, failed(FORBIDDEN));
    assertThat(nodesOfForbidden(scene)).containsExactlyInAnyOrder("node-1", "node-2", "node-3");
    scene.log("spire-system", "spire-agent-3", "spire-agent", false, TIME + "msg=hello\n");
    assertThat(nodesOfForbidden(scene)).containsExactlyInAnyOrder("node-1", "node-2");
  }

  private static Set<String> nodesOfForbidden(ClusterScene scene) {
    return scene
        .report()
        .everyCause()
        .filter(finding -> finding.id().equals("kubelet-forbidden"))
        .findFirst()
        .orElseThrow()
        .scope()
        .nodes();
  }

  @Test
  void whatWasMendedIsNotFoundAnyMore() {
    Expect.healthy(
        ClusterScene.healthy()
            .agentLog(
                failed(FORBIDDEN)
                    + TIME
                    + "level=debug msg=\"PID attested to have selectors\""
                    + " selectors=\"[type:\\\"k8s\\\" value:\\\"ns:apps\\\"]\"\n"));
    Finding old =
        Expect.first(
            "kubelet-forbidden",
            ClusterScene.healthy().agentLog(failed(FORBIDDEN).replace("03:03:00", "01:00:00")));
    assertThat(old.severity()).isEqualTo(Severity.WARNING);
    assertThat(old.confidence()).isEqualTo(Confidence.POSSIBLE);
  }

  @Test
  void anAgentsLogThatMayNotBeReadIsUnknown() {
    ClusterScene scene =
        ClusterScene.healthy()
            .logUnseen(
                "spire-system", "spire-agent-x1y2z", "spire-agent", Observed.Reason.FORBIDDEN);
    assertThat(scene.report().unknown())
        .extracting("id")
        .contains("kubelet-forbidden", "cluster-forbidden");
  }

  @Test
  void kubeletUnreachable() {
    ClusterScene scene =
        attestorSays(
            "unable to perform request: Get \"https://127.0.0.1:10250/pods\": dial tcp"
                + " 127.0.0.1:10250: connect: connection refused");
    Finding found = Expect.first("kubelet-unreachable", scene);
    assertThat(found.remedies().getFirst()).isInstanceOf(Remedy.Advice.class);
    Finding alone =
        Expect.first(
            "kubelet-unreachable",
            scene.set(Kind.POD, "spire-agent-x1y2z", "/spec/hostNetwork", "false"));
    assertThat(command(alone))
        .startsWith("kubectl -n spire-system patch daemonset/spire-agent --type=merge -p '{");
  }

  @Test
  void kubeletCertificateInvalid() {
    String call = "unable to perform request: Get \"https://10.0.0.1:10250/pods\": ";
    Finding name =
        Expect.first(
            "kubelet-certificate-invalid",
            attestorSays(
                call
                    + "tls: failed to verify certificate: x509: cannot validate certificate for"
                    + " 10.0.0.1 because it doesn't contain any IP SANs"));
    assertThat(((Remedy.Patch) name.remedies().getFirst()).yaml()).contains("MY_NODE_NAME");
    Finding authority =
        Expect.first(
            "kubelet-certificate-invalid",
            attestorSays(call + "x509: certificate signed by unknown authority"));
    assertThat(((Remedy.Patch) authority.remedies().getFirst()).yaml())
        .contains("skip_kubelet_verification = true");
  }

  @Test
  void agentWithoutHostPid() {
    ClusterScene scene =
        ClusterScene.healthy()
            .set(Kind.POD, "spire-agent-x1y2z", "/spec/hostPID", "false")
            .set(Kind.DAEMON_SET, "spire-agent", "/spec/template/spec/hostPID", "false");
    Finding found = Expect.first("agent-without-host-pid", scene);
    assertThat(command(found))
        .isEqualTo(
            "kubectl -n spire-system patch daemonset/spire-agent --type=merge -p"
                + " '{\"spec\":{\"template\":{\"spec\":{\"hostPID\":true}}}}'");
    assertThat(
            Expect.first(
                    "agent-without-host-pid",
                    scene.agentLog(
                        TIME
                            + "level=warning msg=\"Connection failed during accept\""
                            + " error=\"could not resolve caller information\"\n"))
                .confidence())
        .isEqualTo(Confidence.CERTAIN);
  }

  @Test
  void attestorK8sFailed() {
    Expect.first("attestor-k8s-failed", attestorSays("unable to decode kubelet response: EOF"));
    Finding namespaces =
        Expect.first(
            "attestor-k8s-failed",
            attestorSays(
                "unable to get namespace labels for \"apps\": unable to get namespace \"apps\":"
                    + " namespaces \"apps\" is forbidden: User"
                    + " \"system:serviceaccount:spire-system:spire-agent\" cannot get"));
    assertThat(namespaces.severity()).isEqualTo(Finding.Severity.ERROR);
    assertThat(((Remedy.Command) namespaces.remedies().getFirst()).command())
        .contains("--verb=get --resource=namespaces")
        .contains("--serviceaccount=spire-system:spire-agent");
  }

  /** The kubelet answered; it only did not know this container yet. */
  @Test
  void aContainerThatTheKubeletDoesNotListIsNoFailureOfTheAttestor() {
    assertThat(attestorSays("no selectors found after max poll attempts").report().findings())
        .noneMatch(one -> one.finding().id().equals("attestor-k8s-failed"));
  }

  /** HTTP at the port of HTTPS: it is so for ever, and every pod may be ready meanwhile. */
  @Test
  void attestorK8sFailedSinceTheReadOnlyPortIsTheSecureOne() {
    String said =
        TIME
            + "level=warning msg=\"Unable to get pod list; will retry after backoff\""
            + " error=\"rpc error: code = Internal desc = workloadattestor(k8s): unexpected status"
            + " code on pods response: 400\" subsystem_name=workload_attestor\n";
    Finding found =
        Expect.first(
            "attestor-k8s-failed",
            ClusterScene.healthy()
                .configEdit(
                    "spire-agent",
                    "agent.conf",
                    "skip_kubelet_verification = true",
                    "kubelet_read_only_port = 10250")
                .agentLog(said));
    assertThat(found.severity()).isEqualTo(Finding.Severity.ERROR);
    assertThat(found.evidence())
        .anyMatch(quote -> quote.text().equals("kubelet_read_only_port 10250"));
    assertThat(found.remedies().getFirst().block())
        .contains("sed -E 's/\"?kubelet_read_only_port\"?[[:space:]]*=[[:space:]]*\"?[0-9]+\"?//'");
    Finding other = Expect.first("attestor-k8s-failed", ClusterScene.healthy().agentLog(said));
    assertThat(other.severity()).isEqualTo(Finding.Severity.ERROR);
  }

  private static ClusterScene readOnlyPort(int port) {
    return ClusterScene.healthy()
        .configEdit(
            "spire-agent",
            "agent.conf",
            "skip_kubelet_verification = true",
            "kubelet_read_only_port = " + port)
        .set(Kind.NODE, "node-1", "/status/daemonEndpoints", "{kubeletEndpoint: {Port: 10250}}");
  }

  /** Nobody may have asked since the log that was read begins, or the agent logs less. */
  @Test
  void theSecurePortWithoutTlsFailsThoughTheLogSaysNothingOfLate() {
    String old =
        "time=\"2026-01-02T02:00:00Z\" level=warning msg=\"Unable to get pod list; giving up\""
            + " error=\"unexpected status code on pods response: 400\"\n";
    for (ClusterScene scene : List.of(readOnlyPort(10250), readOnlyPort(10250).agentLog(old))) {
      Finding found = Expect.first("attestor-k8s-failed", scene);
      assertThat(found.severity()).isEqualTo(Finding.Severity.ERROR);
      assertThat(found.summary()).contains("kubelet_read_only_port");
      assertThat(found.evidence().toString()).contains("node-1", "expects TLS at port 10250");
    }
    Expect.healthy(readOnlyPort(10255));
  }

  /** Its stream lasts, and is given a new SVID without being attested. */
  @Test
  void whatIsServedToAnotherProcessDoesNotEndAFailure() {
    String failed =
        failed("unexpected status code on pods response: 400 Client sent an HTTP request");
    String renewed = "level=debug msg=\"Fetched X.509 SVID\" count=1 pid=";
    Expect.first(
        "attestor-k8s-failed", ClusterScene.healthy().agentLog(failed + TIME + renewed + "7\n"));
    Expect.healthy(ClusterScene.healthy().agentLog(failed + TIME + renewed + "42\n"));
  }

  /** One pod can have an agent wait in vain for it; that is not why it attests none. */
  @Test
  void whatHappensToOneCallerExplainsNoFaultOfAll() {
    ClusterScene scene =
        ClusterScene.healthy()
            .agentLog(
                failed("no selectors found after max poll attempts")
                    + failed("unable to get namespace labels: namespaces is forbidden")
                        .replace("pid=42", "pid=43"));
    scene.set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: \"False\"}]");
    assertThat(scene.report().causes().map(Finding::id))
        .contains("attestor-k8s-failed", "attestation-container-not-ready");
  }

  @Test
  void cgroupAmbiguous() {
    Expect.first(
        "cgroup-ambiguous", attestorSays("multiple container IDs found in cgroups (a, service)"));
    Expect.first("cgroup-ambiguous", attestorSays("multiple pod UIDs found (\"a\", \"b\")"));
  }

  @Test
  void cgroupUnknownLayout() {
    String denied = TIME + "level=error msg=\"No identity issued\" registered=false selectors=\"[";
    Expect.first(
        "cgroup-unknown-layout",
        ClusterScene.healthy().agentLog(denied + "type:\\\"unix\\\" value:\\\"uid:0\\\"]\"\n"));
    Expect.healthy(
        ClusterScene.healthy()
            .agentLog(
                denied
                    + "type:\\\"k8s\\\" value:\\\"ns:x\\\" type:\\\"unix\\\" value:\\\"uid:0\\\"]\"\n"));
    // The agent logs those of its choice.
    Expect.healthy(
        ClusterScene.healthy().agentLog(denied.replace("[", "") + "unix:gid:0,unix:uid:0\"\n"));
  }

  @Test
  void attestationContainerNotReady() {
    Finding found =
        Expect.first(
            "attestation-container-not-ready",
            ClusterScene.healthy()
                .agentLog(TIME + "level=warning msg=\"Container id not found; giving up\"\n")
                .set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: \"False\"}]"));
    assertThat(found.severity()).isEqualTo(Severity.ERROR);
  }

  @Test
  void workloadApiRateLimited() {
    Expect.first(
        "workload-api-rate-limited",
        ClusterScene.healthy()
            .agentLog(
                TIME
                    + "level=error msg=\"rate limit exceeded for"
                    + " /SpiffeWorkloadAPI/FetchX509SVID\"\n"));
  }

  @Test
  void callerExited() {
    Expect.first(
        "caller-exited",
        ClusterScene.healthy()
            .agentLog(
                TIME + "level=warning msg=\"Caller exit suspected due to failed readdirent\"\n"));
  }

  @Test
  void attestorK8sMissing() {
    Finding found =
        Expect.first(
            "attestor-k8s-missing",
            ClusterScene.healthy()
                .configEdit(
                    "spire-agent",
                    "agent.conf",
                    "WorkloadAttestor \"k8s\"",
                    "WorkloadAttestor \"unix\""));
    assertThat(command(found)).contains("plugins\"?[[:space:]]*\\{", "WorkloadAttestor \"k8s\"");
    // As the Helm chart writes it.
    Expect.healthy(
        ClusterScene.healthy()
            .configEdit(
                "spire-agent",
                "agent.conf",
                "WorkloadAttestor \"k8s\"",
                "\"WorkloadAttestor\": [{\"k8s\": {}}] #"));
  }

  @Test
  void whatTheAgentsMayNotIsKnownBeforeAnybodyAsks() {
    ClusterScene scene = ClusterScene.healthy().denied("spire-agent", "get", "", "nodes/proxy");
    // Either right suffices.
    Expect.healthy(scene);
    Finding found =
        Expect.first("kubelet-forbidden", scene.denied("spire-agent", "get", "", "nodes/pods"));
    assertThat(found.confidence()).isEqualTo(Confidence.LIKELY);
    assertThat(command(found)).endsWith("kubectl delete pod -n spire-system spire-agent-x1y2z");
    Finding unready =
        Expect.first(
            "kubelet-forbidden",
            ClusterScene.healthy().agentNotReady().agentLog(failed(FORBIDDEN)));
    assertThat(unready.confidence()).isEqualTo(Confidence.CERTAIN);
  }

  /** One agent that the server refuses is not why the kubelets will refuse all of them. */
  @Test
  void whatAllAgentsMayNotIsBeneathARefusalOfAllOfThemOnly() {
    ClusterScene scene =
        ClusterScene.healthy()
            .denied("spire-agent", "get", "", "nodes/proxy")
            .denied("spire-agent", "get", "", "nodes/pods")
            .attested()
            .agentCrashes(
                "level=error msg=\"Agent crashed\" error=\"nodeattestor(k8s_psat):"
                    + " \\\"spire-system:other\\\" is not an allowed service account\"\n");
    assertThat(roots(scene)).contains("agent-psat-rejected").doesNotContain("kubelet-forbidden");
    scene
        .copy(Kind.NODE, "node-1", "node-2")
        .copy(Kind.POD, "spire-agent-x1y2z", "spire-agent-2")
        .set(Kind.POD, "spire-agent-2", "/spec/nodeName", "node-2")
        .log("spire-system", "spire-agent-2", "spire-agent", true, "");
    assertThat(roots(scene)).contains("agent-psat-rejected", "kubelet-forbidden");
  }

  private static List<String> roots(ClusterScene scene) {
    return scene.report().findings().stream()
        .filter(ranked -> ranked.explainedBy().isEmpty())
        .map(ranked -> ranked.finding().id())
        .toList();
  }

  @Test
  void aRefusalEndsWithTheRight() {
    String earlier = failed(FORBIDDEN).replace("03:03:00", "03:03:10");
    Expect.first("kubelet-forbidden", ClusterScene.healthy().agentLog(earlier));
    Expect.healthy(
        ClusterScene.healthy().agentLog(earlier).allowed("spire-agent", "get", "", "nodes/proxy"));
  }

  @Test
  void anAgentThatBeganAnewIsNotJudgedByItsEarlierLife() {
    Expect.healthy(
        ClusterScene.healthy()
            .log("spire-system", "spire-agent-x1y2z", "spire-agent", true, failed(FORBIDDEN))
            // As 1.15.3 says it.
            .agentLog("level=info msg=\"Starting agent APIs\" apis=\"Workload and SDS APIs\"\n"));
  }
}
