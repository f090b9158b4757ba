package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.AGENT;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.SERVER;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.VALID;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.agent;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.entryMatch;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.kind;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.says;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.web;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.EntryMatch.Kind;

/** An agent of another cluster, or of an earlier name of this one, is not that of a node here. */
class AnotherClustersAgentTest {
  private static Agent psat(String cluster, String node, String uid) {
    return agent(
        "k8s_psat",
        cluster + "/" + uid,
        VALID,
        "cluster:" + cluster,
        "agent_ns:spire-system",
        "agent_sa:spire-agent",
        "agent_node_name:" + node,
        "agent_node_uid:" + uid);
  }

  @Test
  void anAgentOfAnotherClusterOnANodeOfTheSameNameServesNobodyHere() {
    Agent prod = psat("prod", "node-1", "uid-of-prod");
    ClusterScene scene = ClusterScene.healthy().attested(prod).entries(web(prod.id()));
    assertThat(kind(scene)).isEqualTo(Kind.MISSING);
    Report report = scene.report();
    assertThat(report.verdict()).isEqualTo(Report.Verdict.PROBLEMS);
    Finding first = report.findings().getFirst().finding();
    assertThat(first.id()).isEqualTo("agent-not-attested");
    assertThat(first.evidence().toString())
        .contains("0, none on node-1; besides 1 agent of another cluster");
    // Nothing is advised that would touch the other cluster's agent or entry.
    report
        .findings()
        .forEach(
            ranked ->
                assertThat(ranked.finding().remedies())
                    .extracting(remedy -> remedy.summary() + remedy.block())
                    .noneMatch(text -> text.contains(prod.id()) || text.contains("-entryID web")));
    assertThat(report.findings().toString()).contains("serves agents of another cluster");
  }

  /** Its label tells that it was meant for such a pod; that of a whole namespace need not be. */
  @Test
  void anEntryBelowAnotherClustersAgentIsCreatedHereToo() {
    Agent prod = psat("prod", "node-1", "uid-of-prod");
    Agent here = psat("demo", "node-1", "node-uid-1");
    ClusterScene scene = ClusterScene.healthy().attested(prod, here).entries(web(prod.id()));
    assertThat(Expect.first("entry-missing", scene).remedies())
        .noneMatch(remedy -> remedy.block().contains(WEB + " "));
    Finding found = Expect.first("entry-missing", scene.askingFor("apps", "web").expecting(WEB));
    assertThat(found.summary())
        .isEqualTo(
            "No entry for agents of this cluster for "
                + WEB
                + " matches the pod, so it has no identity; the entry for "
                + WEB
                + " matches, but its parent leads to agents of another cluster only");
    assertThat(found.remedies().get(1).block())
        .contains("entry create -spiffeID " + WEB + " -parentID " + ALIAS);
    Finding broad =
        Expect.first(
            "entry-missing",
            ClusterScene.healthy()
                .attested(prod, here)
                .entries(entry("web", WEB, prod.id(), "k8s:ns:apps", "k8s:sa:default")));
    assertThat(broad.summary()).isEqualTo("No entry matches the pod, so it has no identity");
  }

  @Test
  void theAliasOfAnotherClusterIsLeftToIt() {
    Agent prod = psat("prod", "node-1", "uid-of-prod");
    Agent here = psat("demo", "node-1", "node-uid-1");
    ClusterScene scene =
        ClusterScene.healthy()
            .attested(prod, here)
            .entries(entry("alias", ALIAS, SERVER, "k8s_psat:cluster:prod"), web(ALIAS));
    assertThat(kind(scene)).isEqualTo(Kind.MISSING);
    assertThat(scene.report().findings().toString())
        .contains("serves agents of another cluster")
        .doesNotContain("-entryID alias");
  }

  @Test
  void theAliasOfAnotherClusterWithoutAgentsIsLeftToItToo() {
    Finding found =
        Expect.first(
            "entry-parent-alias-missing",
            ClusterScene.healthy()
                .configEdit(
                    "spire-server",
                    "server.conf",
                    "clusters = {",
                    "clusters = { \"prod\" = { service_account_allow_list = [\"a:b\"] }")
                .entries(entry("alias", ALIAS, SERVER, "k8s_psat:cluster:prod"), web(ALIAS)));
    assertThat(found.remedies().toString())
        .contains("entry create -node")
        .doesNotContain("-entryID alias");
  }

  @Test
  void anAgentOfAnotherClusterDisturbsNobody() {
    ClusterScene scene =
        ClusterScene.healthy()
            .attested(
                psat("prod", "node-1", "uid-of-prod"),
                ClusterScene.agent(AGENT, "node-1", "node-uid-1"));
    Expect.healthy(scene);
    assertThat(scene.report().checked().agents()).contains(1);
    assertThat(entryMatch(scene).home().attestedOn("node-1")).hasSize(1);
    assertThat(entryMatch(scene).home().ofOtherClusters()).hasSize(1);
  }

  @Test
  void theAgentOfANodeThatWasMadeAnewIsNotTheNewNodes() {
    Agent old = psat("demo", "node-1", "uid-before");
    Agent now = psat("demo", "node-1", "node-uid-1");
    Finding found =
        Expect.first(
            "entry-parent-unknown",
            ClusterScene.healthy().attested(old, now).webEntry(web(old.id())));
    assertThat(found.summary()).contains("not, or no longer, in this cluster");
    // Its own cluster: it is no agent of another one.
    assertThat(entryMatch(ClusterScene.healthy().attested(old, now)).home().ofOtherClusters())
        .isEmpty();
    ClusterScene notYet = ClusterScene.healthy().attested(old);
    assertThat(kind(notYet)).isEqualTo(Kind.NOT_ATTESTED);
    Expect.first("agent-not-attested", notYet);
  }

  @Test
  void withoutTheUidsOfNodesTheClusterTells() {
    ClusterScene unseen =
        ClusterScene.healthy()
            .forbidden(org.spiredoctor.kube.Kind.NODE)
            .attested(psat("prod", "node-1", "uid-of-prod"));
    assertThat(kind(unseen)).isEqualTo(Kind.NOT_ATTESTED);
    assertThat(
            kind(
                ClusterScene.healthy()
                    .forbidden(org.spiredoctor.kube.Kind.NODE)
                    .attested(psat("demo", "node-1", "unseen"))))
        .isEqualTo(Kind.SERVED);
  }

  @Test
  void aConfigurationThatNamesAnotherClusterIsSaidTo() {
    ClusterScene edited =
        ClusterScene.healthy()
            .configEdit("spire-agent", "agent.conf", "\"demo\"", "\"demo2\"")
            .configEdit("spire-server", "server.conf", "\"demo\" =", "\"demo2\" =");
    assertThat(edited.report().verdict()).isEqualTo(Report.Verdict.UNKNOWN);
    assertThat(edited.report().unknown().toString())
        .contains(
            "the configuration of the agents names cluster demo2, but the agent that the server"
                + " lists attested for cluster demo")
        .doesNotContain("node attestor does not show");
  }

  @Test
  void theAgentOfTheClustersEarlierNameProvesNothing() {
    Agent before = psat("prod", "node-1", "node-uid-1");
    Agent now = psat("demo", "node-1", "node-uid-1");
    ClusterScene scene =
        ClusterScene.healthy()
            .attested(before, now)
            .entries(entry("alias", ALIAS, SERVER, "k8s_psat:cluster:prod"), web(ALIAS));
    Finding found = Expect.first("entry-parent-alias-missing", scene);
    assertThat(found.evidence().toString())
        .contains("k8s_psat:cluster:prod, the agent has k8s_psat:cluster:demo");
    assertThat(found.remedies().getFirst().toString())
        .contains("entry update -entryID alias", "k8s_psat:cluster:demo");
    // It was not started anew since it is configured otherwise.
    scene.agentLog(says("Node attestation was successful", before));
    assertThat(kind(scene)).isEqualTo(Kind.SERVED);
  }

  @Test
  void theAgentOfAnEarlierNameIsNotTheOneThatWouldBe() {
    Agent before = psat("prod", "node-1", "node-uid-1");
    ClusterScene scene =
        ClusterScene.healthy()
            .attested(before)
            .entries(entry("alias", ALIAS, SERVER, "k8s_psat:cluster:prod"), web(ALIAS));
    assertThat(kind(scene)).isEqualTo(Kind.AGENT_UNKNOWN);
    assertThat(scene.report().verdict()).isNotEqualTo(Report.Verdict.HEALTHY);
  }
}
