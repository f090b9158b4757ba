package org.spiredoctor.diagnosis.rules.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.TIME;
import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.attestorSays;
import static org.spiredoctor.diagnosis.rules.attestation.AttestorLogs.failed;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.kube.Kind;

class KubeletForbiddenTest {
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
        .copy(Kind.POD, "spire-agent-x1y2z", "spire-agent-pending")
        .set(Kind.POD, "spire-agent-pending", "/spec/nodeName", "''")
        .log("spire-system", "spire-agent-pending", "spire-agent", true, "");
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
