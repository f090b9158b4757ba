package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.AGENT;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Link;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch.Kind;
import org.spiredoctor.identity.Selector;

/** The agent of a pod is the one whose node, UID and cluster fit. */
class WhichAgentTest {
  private static final String SERVER = "spiffe://example.org/spire/server";
  private static final String IN = "spiffe://example.org/spire/agent/";
  private static final String AGENT_POD = "spire-agent-pod";
  private static final Instant VALID = NOW.plusSeconds(3600);

  private static Agent agent(String type, String rest, Instant end, String... facts) {
    Set<Selector> selectors =
        Stream.of(facts).map(fact -> new Selector(type, fact)).collect(Collectors.toSet());
    return new Agent(
        IN + type + "/" + rest, type, selectors, false, true, Optional.of(end), Optional.empty());
  }

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

  private static Entry web(String parent) {
    return entry("web", WEB, parent, "k8s:ns:apps", "k8s:sa:default", "k8s:pod-label:app:web");
  }

  private static PodEntryMatch entryMatch(ClusterScene scene) {
    return new ClusterCase(scene.evidence()).entryMatches().seen().orElseThrow().getFirst();
  }

  private static Kind kind(ClusterScene scene) {
    return entryMatch(scene).entryMatch().kind();
  }

  private static String link(ClusterScene scene, String name) {
    return scene.report().path().stream()
        .filter(link -> link.name().equals(name))
        .map(Link::toString)
        .findFirst()
        .orElseThrow();
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

  /** As SPIRE's agent says it, when it has attested and when it starts with what it kept. */
  private static String says(String message, Agent agent) {
    return "time=\"2026-01-01T10:00:00Z\" level=info msg=\"%s\" spiffe_id=\"%s\" subsystem_name=attestor\n"
        .formatted(message, agent.id());
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
