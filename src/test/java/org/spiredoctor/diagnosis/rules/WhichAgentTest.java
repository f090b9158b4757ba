package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.IN;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.SERVER;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.VALID;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.agent;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.entryMatch;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.kind;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.says;
import static org.spiredoctor.diagnosis.rules.AgentsOfNodes.web;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Link;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch.Kind;

/** The agent of a pod is the one whose node, UID and cluster fit. */
class WhichAgentTest {
  private static final String AGENT_POD = "spire-agent-pod";

  private static Agent token(String token) {
    return agent("join_token", token, VALID);
  }

  /** The agents are configured with another node attestor. */
  private static ClusterScene attestedBy(String plugin, Agent... agents) {
    return ClusterScene.healthy()
        .configEdit(
            "spire-agent",
            "agent.conf",
            "NodeAttestor \"k8s_psat\" { plugin_data { cluster = \"demo\" } }",
            "NodeAttestor \"" + plugin + "\" { plugin_data {} }")
        .attested(agents);
  }

  private static String link(ClusterScene scene, String name) {
    return scene.report().path().stream()
        .filter(link -> link.name().equals(name))
        .map(Link::toString)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anAliasForOneAgentIsAnEntryBelowIt() {
    Finding found =
        Expect.first(
            "entry-parent-alias-missing",
            attestedBy("join_token", token("one")).entries(web(ALIAS)));
    // Only with agent_spiffe_id_as_selector would an alias below the server match it.
    assertThat(found.remedies().toString())
        .contains(
            "-spiffeID " + ALIAS + " -parentID " + token("one").id(),
            "-selector spiffe_id:" + token("one").id())
        .doesNotContain("-node");
  }

  @Test
  void severalThatDoNotTellTheirNodeAndDiffer() {
    ClusterScene differ =
        attestedBy("join_token", token("one"), token("two")).entries(web(token("one").id()));
    assertThat(kind(differ)).isEqualTo(Kind.AGENT_UNKNOWN);
    assertThat(entryMatch(differ).entryMatch().served()).isFalse();
    assertThat(entryMatch(differ).entryMatch().deniedForSure()).isFalse();
    Report report = differ.report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Report.Verdict.UNKNOWN);
    assertThat(report.unknown().toString())
        .contains("which agent runs on node node-1 (" + token("one").id())
        .contains("only some would serve");
  }

  @Test
  void severalThatDoNotTellTheirNodeAndAgree() {
    Entry alias = entry("alias", ALIAS, SERVER, "join_token:x");
    Agent one = agent("join_token", "one", VALID, "x");
    Agent two = agent("join_token", "two", VALID, "x");
    assertThat(kind(attestedBy("join_token", one, two).entries(alias, web(ALIAS))))
        .isEqualTo(Kind.SERVED);
    // Two entries for one identity are the same answer, for two they are not.
    assertThat(
            kind(
                attestedBy("join_token", one, two)
                    .entries(web(one.id()), entry("web2", WEB, two.id(), "k8s:ns:apps"))))
        .isEqualTo(Kind.SERVED);
    assertThat(
            kind(
                attestedBy("join_token", one, two)
                    .entries(web(one.id()), entry("other", WEB + "2", two.id(), "k8s:ns:apps"))))
        .isEqualTo(Kind.AGENT_UNKNOWN);
    // Where none of them has it, it is known that it is not served.
    assertThat(kind(attestedBy("join_token", one, two).entries(web(token("three").id()))))
        .isEqualTo(Kind.PARENT_UNKNOWN);
  }

  @Test
  void fewerAgentsThanNodesLeaveSomeWithoutOne() {
    ClusterScene scene =
        attestedBy("join_token", token("one"))
            .entries(web(token("one").id()))
            .copy(org.spiredoctor.kube.Kind.NODE, "node-1", "node-2")
            .copy(org.spiredoctor.kube.Kind.POD, "spire-agent-x1y2z", "spire-agent-2")
            .set(org.spiredoctor.kube.Kind.POD, "spire-agent-2", "/spec/nodeName", "node-2");
    assertThat(kind(scene)).isEqualTo(Kind.AGENT_UNKNOWN);
    assertThat(scene.report().verdict()).isNotEqualTo(Report.Verdict.HEALTHY);
    assertThat(scene.report().unknown().toString()).contains("might not be attested at all");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x509pop", "join_token", "aws_iid"})
  void anAgentElsewhereIsNotTheNodes(String type) {
    Agent elsewhere = agent(type, "abc", VALID);
    ClusterScene scene = ClusterScene.healthy().attested(elsewhere).entries(web(elsewhere.id()));
    assertThat(entryMatch(scene).entryMatch().served()).isFalse();
    assertThat(scene.report().verdict()).isEqualTo(Report.Verdict.PROBLEMS);
    assertThat(scene.report().findings().getFirst().finding().id()).isEqualTo("agent-not-attested");
  }

  @Test
  void whoIsBannedOrExpiredServesNobody() {
    Agent expired = agent("join_token", "one", NOW);
    Agent banned =
        new Agent(
            IN + "join_token/two",
            "join_token",
            Set.of(),
            true,
            true,
            Optional.of(VALID),
            Optional.empty());
    for (Agent one : new Agent[] {expired, banned}) {
      ClusterScene scene = attestedBy("join_token", one).entries(web(one.id()));
      assertThat(kind(scene)).as(one.id()).isEqualTo(Kind.NOT_ATTESTED);
      assertThat(scene.report().verdict()).isEqualTo(Report.Verdict.PROBLEMS);
    }
    // Beside one that is valid they do not count.
    assertThat(
            kind(
                attestedBy("join_token", expired, banned, token("three"))
                    .entries(web(token("three").id()))))
        .isEqualTo(Kind.SERVED);
  }

  private static Agent byPod(String uid) {
    return agent(
        "k8s_psat",
        "demo/pod/" + uid,
        VALID,
        "cluster:demo",
        "agent_ns:spire-system",
        "agent_sa:spire-agent",
        "agent_node_name:node-1",
        "agent_node_uid:node-uid-1",
        "agent_pod_uid:" + uid);
  }

  @Test
  void anAgentThatIsToldByItsPod() {
    Expect.healthy(ClusterScene.healthy().attested(byPod("earlier"), byPod(AGENT_POD)));
    assertThat(
            kind(
                ClusterScene.healthy()
                    .attested(byPod("earlier"), byPod(AGENT_POD))
                    .entries(web(byPod("earlier").id()))))
        .isEqualTo(Kind.PARENT_UNKNOWN);
    // The agent keeps its keys in its pod, so that the new pod is a new agent.
    ClusterScene earlier = ClusterScene.healthy().attested(byPod("earlier"));
    assertThat(kind(earlier)).isEqualTo(Kind.NOT_ATTESTED);
    Expect.first("agent-not-attested", earlier);
    // On the node they may outlive it.
    ClusterScene kept =
        earlier.configEdit(
            "spire-agent",
            "agent.conf",
            "trust_domain",
            "data_dir = \"/run/spire/sockets/data\"\n  trust_domain");
    assertThat(kind(kept)).isEqualTo(Kind.AGENT_UNKNOWN);
    assertThat(kept.report().verdict()).isEqualTo(Report.Verdict.UNKNOWN);
  }

  @Test
  void serviceAccountTokensTellTheClusterAlone() {
    Agent ours = agent("k8s_sat", "demo/7f2c", VALID, "cluster:demo");
    Agent others = agent("k8s_sat", "prod/8a1b", VALID, "cluster:prod");
    String config = "NodeAttestor \"k8s_psat\" { plugin_data { cluster = \"demo\" } }";
    ClusterScene scene =
        ClusterScene.healthy()
            .configEdit("spire-agent", "agent.conf", config, config.replace("psat", "sat"))
            .attested(ours, others)
            .entries(web(ours.id()));
    assertThat(kind(scene)).isEqualTo(Kind.SERVED);
  }

  @Test
  void thePathSaysHowManyAgentsMayBeTheOne() {
    ClusterScene scene =
        attestedBy("join_token", token("one"), token("two"))
            .askingFor("apps", "web")
            .entries(web(token("one").id()));
    assertThat(link(scene, "attested")).contains("2 agents that may be the one of node-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Node attestation was successful", "SVID loaded"})
  void theAgentThatRunsIsTheOneOfItsLog(String message) {
    Agent before = token("before");
    Agent now = token("now");
    ClusterScene scene =
        attestedBy("join_token", before, now)
            .agentLog(says("Node attestation was successful", before) + says(message, now));
    assertThat(kind(scene.entries(web(now.id())))).isEqualTo(Kind.SERVED);
    Finding found = Expect.first("entry-parent-unknown", scene.entries(web(before.id())));
    assertThat(found.evidence().toString()).contains(before.id(), "agent " + now.id());
    // What is said to be its id in another line is not.
    assertThat(kind(scene.agentLog(says("PID attested to have selectors", now))))
        .isEqualTo(Kind.AGENT_UNKNOWN);
  }

  @Test
  void theAgentThatAttestedInTheRunningPodIsTheOne() {
    Agent before = inPod("prod", "earlier");
    Agent now = inPod("demo2", AGENT_POD);
    ClusterScene scene = ClusterScene.healthy().attested(before, now).entries(web(now.id()));
    assertThat(kind(scene)).isEqualTo(Kind.SERVED);
    assertThat(kind(scene.entries(web(before.id())))).isEqualTo(Kind.PARENT_UNKNOWN);
  }

  private static Agent inPod(String cluster, String pod) {
    return agent(
        "k8s_psat",
        cluster + "/node-uid-1",
        VALID,
        "cluster:" + cluster,
        "agent_node_name:node-1",
        "agent_node_uid:node-uid-1",
        "agent_pod_uid:" + pod);
  }
}
