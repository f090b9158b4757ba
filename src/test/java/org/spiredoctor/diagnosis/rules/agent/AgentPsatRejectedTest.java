package org.spiredoctor.diagnosis.rules.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.POD;
import static org.spiredoctor.diagnosis.rules.agent.AgentScenes.refused;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class AgentPsatRejectedTest {
  @Test
  void agentPsatRejected() {
    Finding account =
        Expect.first(
            "agent-psat-rejected",
            ClusterScene.healthy()
                .attested()
                .agentCrashes(
                    "level=error msg=\"Agent crashed\" error=\"nodeattestor(k8s_psat):"
                        + " \\\"spire-system:other\\\" is not an allowed service account\"\n"));
    assertThat(account.summary()).contains("allow list");
    assertThat(command(account)).contains("service_account_allow_list", "kubectl delete pod");
    Finding cluster =
        Expect.first(
            "agent-psat-rejected",
            refused("nodeattestor(k8s_psat): not configured for cluster \\\"prod\\\""));
    assertThat(((Remedy.Patch) cluster.remedies().getFirst()).yaml())
        .contains("cluster = \"demo\"");
    String unknown = "nodeattestor(k8s_psat): not configured for cluster \\\"%s\\\"";
    assertThat(
            command(
                Expect.first(
                    "agent-psat-rejected",
                    refused(unknown.formatted("prod"))
                        .configEdit("spire-agent", "agent.conf", "\"demo\"", "\"prod\""))))
        .contains("prod([[:space:]\",}]|$)/\\1demo\\3/", "daemonset/spire-agent");
    assertThat(
            command(
                Expect.first(
                    "agent-psat-rejected",
                    refused(unknown.formatted("demo"))
                        .configEdit("spire-server", "server.conf", "\"demo\"", "\"prod\""))))
        .contains("prod(", "/\\1demo\\2/", "delete pod -n spire-system spire-server-0");
    Finding token =
        Expect.first(
            "agent-psat-rejected",
            refused("unable to load token from /var/run/secrets/tokens/spire-agent: no such file"));
    assertThat(command(token))
        .startsWith("kubectl patch -n spire-system daemonset/spire-agent -p '{")
        .contains("\"mountPath\":\"/var/run/secrets/tokens\"");
    Finding rights =
        Expect.first(
            "agent-psat-rejected",
            refused(
                "nodeattestor(k8s_psat): unable to validate token with TokenReview API:"
                    + " tokenreviews.authentication.k8s.io is forbidden: User"));
    assertThat(command(rights))
        .contains("--clusterrole=system:auth-delegator")
        .contains("--serviceaccount=spire-system:spire-server");
    // Without a word in the logs.
    Finding denied =
        Expect.first(
            "agent-psat-rejected",
            ClusterScene.healthy()
                .attested()
                .agentNotReady()
                .denied("spire-server", "create", "authentication.k8s.io", "tokenreviews"));
    assertThat(denied.evidence().toString())
        .contains("spire-system:spire-server may not create tokenreviews.authentication.k8s.io");
  }

  @Test
  void theAudienceOfATokenIsComparedWithTheServers() {
    Finding found =
        Expect.first(
            "agent-psat-rejected",
            ClusterScene.healthy()
                .attested()
                .agentNotReady()
                .edit(Kind.POD, POD, o -> audience(o.at("/spec"), "other"))
                .edit(
                    Kind.DAEMON_SET,
                    "spire-agent",
                    o -> audience(o.at("/spec/template/spec"), "other"))
                .serverLog(
                    "level=error msg=\"token audiences [other] is invalid for the target audiences"
                        + " [spire-server]\"\n"));
    assertThat(found.summary()).contains("not made for the server's audience");
    assertThat(found.evidence().toString()).contains("audience other, the server wants");
    assertThat(command(found))
        .contains(
            "/spec/template/spec/volumes/2/projected/sources/0/serviceAccountToken/audience\","
                + "\"value\":\"spire-server\"");
  }

  private static void audience(com.fasterxml.jackson.databind.JsonNode spec, String audience) {
    ((com.fasterxml.jackson.databind.node.ObjectNode)
            spec.at("/volumes/2/projected/sources/0/serviceAccountToken"))
        .put("audience", audience);
  }
}
