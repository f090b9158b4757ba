package org.spiredoctor.diagnosis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.AGENT;
import static org.spiredoctor.diagnosis.ClusterScene.NOW;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Growing;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.kube.Kind;

/** Each rule of {@code diagnosis.rules.agent}, and those of svid that look at agents. */
class ClusterAgentRulesTest {
  private static final String POD = "spire-agent-x1y2z";
  private static final String DELETE = "kubectl delete pod -n spire-system " + POD;

  private static final String RECOVERED =
      """
      level=warning msg="Failed to retrieve attestation result" error="join token expired"
      level=info msg="Node attestation was successful"
      """;

  private static String command(Finding finding) {
    return ((Remedy.Command) finding.remedies().getFirst()).command();
  }

  /** An agent that tries to attest, and what it says. */
  private static ClusterScene refused(String error) {
    return ClusterScene.healthy()
        .attested()
        .agentNotReady()
        .agentLog(
            "level=warning msg=\"Failed to retrieve attestation result\" error=\""
                + error
                + "\"\n");
  }

  private static Agent agent(boolean banned, Instant expires) {
    Agent plain = ClusterScene.agent(AGENT, "node-1", "node-uid-1");
    return new Agent(
        plain.id(),
        plain.attestationType(),
        plain.selectors(),
        banned,
        true,
        Optional.of(expires),
        plain.version());
  }

  private static ClusterScene withoutAgent() {
    return ClusterScene.healthy().attested().remove(Kind.POD, POD);
  }

  @Test
  void agentNotFound() {
    Finding found =
        Expect.first("agent-not-found", withoutAgent().remove(Kind.DAEMON_SET, "spire-agent"));
    assertThat(command(found)).isEqualTo("kubectl get daemonsets,pods -A -o wide");
    // The server still lists the agent that is gone.
    Report listed =
        ClusterScene.healthy()
            .remove(Kind.POD, "spire-agent-x1y2z")
            .remove(Kind.DAEMON_SET, "spire-agent")
            .report();
    assertThat(listed.causes().map(Finding::id)).contains("agent-not-found");
  }

  @Test
  void svidExpired() {
    Finding found =
        Expect.first(
            "svid-expired",
            ClusterScene.healthy()
                .agentNotReady()
                .attested()
                .agentLog(
                    "level=error msg=\"Agent crashed\" error=\"x509: certificate has expired or is"
                        + " not yet valid: current time 2026-01-02T03:04:00Z is after"
                        + " 2026-01-02T02:00:00Z\""));
    assertThat(found.summary()).contains("on node-1");
  }

  @Test
  void agentNotOnNode() {
    Finding selected =
        Expect.first(
            "agent-not-on-node",
            withoutAgent()
                .set(
                    Kind.DAEMON_SET,
                    "spire-agent",
                    "/spec/template/spec/nodeSelector",
                    "{kubernetes.io/hostname: node-1, example.org/spire: 'yes'}"));
    assertThat(selected.summary()).contains("requires example.org/spire=yes");
    assertThat(selected.scope().nodes()).containsExactly("node-1");
    assertThat(command(selected))
        .isEqualTo(
            "kubectl patch -n spire-system daemonset/spire-agent --type=json -p"
                + " '[{\"op\":\"remove\",\"path\":\"/spec/template/spec/nodeSelector/"
                + "example.org~1spire\"}]'");
    Finding tainted =
        Expect.first(
            "agent-not-on-node",
            withoutAgent()
                .set(
                    Kind.NODE,
                    "node-1",
                    "/spec/taints",
                    "[{key: node.kubernetes.io/unschedulable, effect: NoSchedule}, {key: gpu,"
                        + " value: 'yes', effect: NoSchedule}]"));
    assertThat(tainted.summary()).contains("gpu=yes:NoSchedule");
    assertThat(command(tainted))
        .contains(
            "/spec/template/spec/tolerations\",\"value\":[{\"key\":\"gpu\",\"operator\":\"Exists\"");
    Finding excluded =
        Expect.first(
            "agent-not-on-node",
            withoutAgent()
                .set(
                    Kind.DAEMON_SET,
                    "spire-agent",
                    "/spec/template/spec/affinity",
                    "{nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
                        + " {nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In,"
                        + " values: [a]}]}]}}}"));
    assertThat(excluded.summary()).contains("affinity of the agents excludes it");
    Finding unsaid = Expect.first("agent-not-on-node", withoutAgent());
    assertThat(command(unsaid)).isEqualTo("kubectl describe daemonset -n spire-system spire-agent");
  }

  @Test
  void agentNotReady() {
    Finding found =
        Expect.first(
            "agent-not-ready",
            ClusterScene.healthy()
                .agentCrashes("level=error msg=\"Agent crashed\" error=\"no space left\"\n"));
    assertThat(found.evidence().toString()).contains("Agent crashed: no space left");
    assertThat(found.scope().nodes()).containsExactly("node-1");
    Report unread =
        ClusterScene.healthy().agentNotReady().logForbidden(POD, "spire-agent").report();
    assertThat(unread.unknown()).extracting("id").contains("agent-psat-rejected", "agent-banned");
  }

  @Test
  void anErrorOfEarlierIsNoFindingOnceTheAgentIsWell() {
    Expect.healthy(ClusterScene.healthy().agentLog(RECOVERED));
    Expect.first("agent-not-ready", ClusterScene.healthy().agentNotReady().agentLog(RECOVERED));
  }

  /** Restarting another agent does not help the pod that is asked for. */
  @Test
  void theAgentOfThePodThatIsAskedForIsTheOneThatIsToldOf() {
    ClusterScene scene =
        Growing.cluster("nodes with agents", 30)
            .attested()
            .set(Kind.POD, "web", "/spec/nodeName", "many-17");
    Finding found = Expect.first("agent-not-attested", scene.askingFor("apps", "web"));
    assertThat(found.subject().name()).isEqualTo("spire-agent-many-17");
    assertThat(found.remedies().getFirst())
        .isInstanceOfSatisfying(
            Remedy.Command.class,
            restart -> assertThat(restart.command()).endsWith(" spire-agent-many-17"));
  }

  @Test
  void agentNotAttested() {
    Finding found = Expect.first("agent-not-attested", ClusterScene.healthy().attested());
    assertThat(command(found)).isEqualTo(DELETE);
  }

  /** What is offered for one would leave the others as they are. */
  @Test
  void allAgentsThatAreNotAttestedAreRestarted() {
    assertThat(restart(Growing.cluster("nodes with agents", 2).attested()))
        .contains("kubectl delete pod -n spire-system spire-agent-", " spire-agent-");
    assertThat(restart(Growing.cluster("nodes with agents", 30).attested()))
        .isEqualTo("kubectl rollout restart -n spire-system daemonset/spire-agent");
    // The pod that is asked for has an agent, which is left as it is.
    ClusterScene others =
        Growing.cluster("nodes with agents", 2).attested(agent(false, NOW.plusSeconds(3600)));
    assertThat(restart(others.askingFor("apps", "web")))
        .startsWith("kubectl delete pod -n spire-system spire-agent-many-");
  }

  private static String restart(ClusterScene scene) {
    return command(Expect.first("agent-not-attested", scene));
  }

  @Test
  void agentBanned() {
    Finding listed =
        Expect.first(
            "agent-banned", ClusterScene.healthy().attested(agent(true, NOW.plusSeconds(60))));
    assertThat(command(listed))
        .isEqualTo(
            "kubectl exec -n spire-system spire-server-0 -c spire-server --"
                + " /opt/spire/bin/spire-server agent evict -spiffeID "
                + AGENT);
    assertThat(((Remedy.Command) listed.remedies().get(1)).command()).isEqualTo(DELETE);
    Expect.first(
        "agent-banned",
        ClusterScene.healthy()
            .attested()
            .agentCrashes(
                "level=error msg=\"Agent crashed\" error=\"failed to attest: agent is banned\"\n"));
  }

  @Test
  void agentExpired() {
    Finding found =
        Expect.first(
            "agent-expired", ClusterScene.healthy().attested(agent(false, NOW.minusSeconds(60))));
    assertThat(command(found)).isEqualTo(DELETE);
    Expect.healthy(
        ClusterScene.healthy()
            .attested(agent(false, NOW.minusSeconds(60)), agent(false, NOW.plusSeconds(60))));
  }

  @Test
  void agentConfigInvalid() {
    Finding found =
        Expect.first(
            "agent-config-invalid",
            ClusterScene.healthy()
                .agentCrashes(
                    "unable to decode configuration at \"a.conf\": At 2:2: object expected closing"
                        + " RBRACE got: EOF\n"));
    assertThat(command(found)).isEqualTo("kubectl edit configmap -n spire-system spire-agent");
    Finding plugin =
        Expect.first(
            "agent-config-invalid",
            ClusterScene.healthy()
                .agentCrashes(
                    "level=error msg=\"Agent crashed\" error=\"failed to configure plugin"
                        + " \\\"k8s_psat\\\": rpc error: code = InvalidArgument desc = missing"
                        + " required cluster block\"\n"));
    assertThat(plugin.confidence()).isEqualTo(Confidence.CERTAIN);
  }

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

  @Test
  void agentJoinTokenInvalid() {
    Finding found =
        Expect.first(
            "agent-join-token-invalid",
            refused("failed to attest: join token does not exist or has already been used"));
    assertThat(command(found)).endsWith("spire-server token generate -ttl 3600");
  }

  @Test
  void agentTrustBundleMismatch() {
    Finding found =
        Expect.first(
            "agent-trust-bundle-mismatch",
            refused(
                    "authentication handshake failed: x509svid: could not verify leaf certificate:"
                        + " x509: certificate signed by unknown authority")
                .configMap(
                    "spire-agent",
                    "agent.conf",
                    """
                    agent { trust_domain = "example.org"
                      trust_bundle_path = "/run/spire/config/bundle.crt" }
                    plugins { WorkloadAttestor "k8s" {}
                    NodeAttestor "k8s_psat" { plugin_data { cluster = "demo" } } }
                    """));
    assertThat(command(found))
        .contains(
            "bundle show) && [ -n \"$bundle\" ] && printf '%s\\n' \"$bundle\" |"
                + " kubectl create configmap -n spire-system spire-agent"
                + " --from-file=bundle.crt=/dev/stdin");
    assertThat(found.remedies().toString()).doesNotContain("agent-data.json");
    Expect.first("agent-trust-bundle-mismatch", refused("no PEM blocks"));
    Finding path =
        Expect.first(
            "agent-trust-bundle-mismatch",
            refused("could not parse trust bundle: open /run/spire/config/nope.crt: no such file")
                .configEdit(
                    "spire-agent",
                    "agent.conf",
                    "agent {",
                    "agent {\n  trust_bundle_path = \"/run/spire/config/nope.crt\"")
                .addToConfigMap("spire-agent", "bundle.crt", "-----BEGIN CERTIFICATE-----"));
    assertThat(command(path)).contains("trust_bundle_path", "nope\\.crt\"/\\1bundle.crt\"/");
  }

  @Test
  void aBundleThatAgentsKeepOnTheirNodeIsNamed() {
    Finding found =
        Expect.first(
            "agent-trust-bundle-mismatch",
            refused("x509: certificate signed by unknown authority")
                .configEdit(
                    "spire-agent",
                    "agent.conf",
                    "agent {",
                    "agent {\n data_dir = \"/var/lib/spire\"")
                .add(
                    Kind.POD,
                    POD,
                    "/spec/containers/0/volumeMounts",
                    "{name: data, mountPath: /var/lib/spire}")
                .add(
                    Kind.POD,
                    POD,
                    "/spec/volumes",
                    "{name: data, hostPath: {path: /var/lib/spire/k8s/agent}}"));
    assertThat(found.remedies().getFirst().summary())
        .contains("Remove /var/lib/spire/k8s/agent/agent-data.json on node-1");
  }

  @Test
  void trustDomainMismatch() {
    Finding config =
        Expect.first(
            "trust-domain-mismatch",
            refused("expected server SPIFFE ID \\\"spiffe://other.org/spire/server\\\"")
                .configMap(
                    "spire-agent",
                    "agent.conf",
                    "agent { trust_domain = \"other.org\" }\n"
                        + "plugins { WorkloadAttestor \"k8s\" {} }"));
    assertThat(config.summary()).contains("other.org").contains("example.org");
    Expect.first(
        "trust-domain-mismatch",
        refused("x509bundle: no X.509 bundle found for trust domain: \\\"a.org\\\""));
    Finding wanted =
        Expect.first("trust-domain-mismatch", ClusterScene.healthy().expectingDomain("prod.org"));
    assertThat(wanted.summary()).endsWith("not of prod.org");
    Expect.healthy(ClusterScene.healthy().expectingDomain("example.org"));
  }

  @Test
  void clockSkewOfANode() {
    Expect.first(
        "clock-skew",
        refused(
            "x509: certificate has expired or is not yet valid: current time 2025-01-01T00:00:00Z"
                + " is before 2026-01-01T00:00:00Z"));
  }

  @Test
  void agentsThatSufferAlikeAreOneFinding() {
    ClusterScene scene = ClusterScene.healthy();
    for (int i = 2; i <= 4; i++) {
      scene
          .object(
              Kind.NODE,
              "{metadata: {name: node-%d, uid: u-%d}, spec: {}, status: {}}".formatted(i, i))
          .object(
              Kind.POD,
              """
              {metadata: {name: agent-%d, namespace: spire-system,
                 ownerReferences: [{kind: DaemonSet, name: spire-agent, uid: spire-agent-uid}]},
               spec: {nodeName: node-%d, serviceAccountName: spire-agent, containers: [{name: spire-agent,
                 image: "ghcr.io/spiffe/spire-agent:1.15.3"}]},
               status: {phase: Running, conditions: [{type: Ready, status: "True"}],
                 containerStatuses: [{name: spire-agent, ready: true, restartCount: 0,
                   state: {running: {}}}]}}
              """
                  .formatted(i, i));
    }
    Report report = scene.report();
    assertThat(report.findings()).hasSize(1);
    Finding found = report.findings().getFirst().finding();
    assertThat(found.id()).isEqualTo("agent-not-attested");
    assertThat(found.evidence().toString()).contains("2 more agents alike, on node-3, node-4");
    assertThat(found.scope().nodes()).containsExactlyInAnyOrder("node-2", "node-3", "node-4");
  }

  @Test
  void whatMayNotBeSeenIsUnknown() {
    Report report = ClusterScene.healthy().forbidden(Kind.POD).report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unknown())
        .extracting("id")
        .contains("server-not-found", "agent-not-found", "agent-not-on-node");
  }

  private static ClusterScene agentConf(String from, String to) {
    return ClusterScene.healthy().configEdit("spire-agent", "agent.conf", from, to);
  }

  @Test
  void agentServerUnreachable() {
    Finding name =
        Expect.first("agent-server-unreachable", agentConf("\"spire-server\"", "\"spire-srver\""));
    assertThat(name.summary()).contains("spire-srver", "the server's is spire-server");
    assertThat(command(name))
        .isEqualTo(
            "config=$(kubectl get configmap -n spire-system spire-agent -o"
                + " 'jsonpath={.data.agent\\.conf}') && [ -n \"$config\" ] && printf '%s\\n'"
                + " \"$config\" |"
                + " sed -E 's/((^|[^A-Za-z0-9_])server_address\"?[[:space:]]*[=:][[:space:]]*"
                + "\"?)spire-srver([[:space:]\",}]|$)/\\1spire-server\\3/' | kubectl create configmap"
                + " spire-agent --from-file=agent.conf=/dev/stdin --dry-run=client -o yaml |"
                + " kubectl patch configmap -n spire-system spire-agent --patch-file=/dev/stdin &&"
                + " kubectl rollout restart -n spire-system daemonset/spire-agent");
    Finding port =
        Expect.first(
            "agent-server-unreachable",
            agentConf("server_port = \"8081\"", "server_port = \"9081\""));
    assertThat(port.summary()).contains("9081", "8081");
    Finding outside =
        Expect.first(
            "agent-server-unreachable",
            agentConf("\"spire-server\"", "\"192.0.2.1\"")
                .attested()
                .agentNotReady()
                .agentLog(
                    "level=warning msg=\"Failed to retrieve attestation result\" error=\"could not"
                        + " open attestation stream to SPIRE server: dial tcp 192.0.2.1:8081: i/o"
                        + " timeout\"\n"));
    assertThat(outside.confidence()).isEqualTo(Confidence.LIKELY);
  }

  @Test
  void agentSocketNotShared() {
    Finding found =
        Expect.first(
            "agent-socket-not-shared", agentConf("/run/spire/sockets/", "/run/elsewhere/"));
    assertThat(command(found))
        .contains(
            "\\/run\\/elsewhere\\/api\\.sock([[:space:]\",}]|$)"
                + "/\\1\\/run\\/spire\\/sockets\\/api.sock\\3/");
  }

  @Test
  void agentSocketContested() {
    ClusterScene scene = ClusterScene.healthy();
    scene.copy(Kind.DAEMON_SET, "spire-agent", "spire-agent-old");
    scene.copy(Kind.POD, POD, "spire-agent-old-1");
    scene.set(
        Kind.POD,
        "spire-agent-old-1",
        "/metadata/ownerReferences",
        "[{kind: DaemonSet, name: spire-agent-old, uid: spire-agent-old}]");
    Finding found = Expect.first("agent-socket-contested", scene);
    assertThat(found.summary()).contains("spire-agent-old", "node-1");
  }

  /** A second kind of agents on the same node, with a socket of its own. */
  private static ClusterScene secondAgents(String cluster) {
    String second = "spire-agent-2";
    String path = "/run/spire/second";
    ClusterScene scene =
        ClusterScene.healthy()
            .configMap(
                second,
                "agent.conf",
                """
                agent {
                  trust_domain = "example.org"
                  server_address = "spire-server"
                  server_port = "8081"
                  socket_path = "/run/spire/sockets/api.sock"
                }
                plugins { NodeAttestor "k8s_psat" { plugin_data { cluster = "%s" } } }
                plugins { WorkloadAttestor "k8s" { plugin_data { skip_kubelet_verification = true } } }
                """
                    .formatted(cluster))
            .copy(Kind.DAEMON_SET, "spire-agent", second)
            .copy(Kind.POD, POD, second + "-1")
            .set(
                Kind.POD,
                second + "-1",
                "/metadata/ownerReferences",
                "[{kind: DaemonSet, name: spire-agent-2, uid: spire-agent-2}]");
    scene.edit(Kind.DAEMON_SET, second, o -> second(o.at("/spec/template/spec"), path));
    return scene.edit(Kind.POD, second + "-1", o -> second(o.path("spec"), path));
  }

  private static void second(JsonNode spec, String path) {
    ((ObjectNode) spec.at("/volumes/0/configMap")).put("name", "spire-agent-2");
    ((ObjectNode) spec.at("/volumes/1/hostPath")).put("path", path);
  }

  @Test
  void agentIdentityShared() {
    Finding likely = Expect.first("agent-identity-shared", secondAgents("demo"));
    assertThat(likely.confidence()).isEqualTo(Finding.Confidence.LIKELY);
    assertThat(likely.severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(likely.summary())
        .contains(
            ClusterScene.AGENT,
            "one of DaemonSet spire-system/spire-agent and one of DaemonSet"
                + " spire-system/spire-agent-2");
    ClusterScene refused =
        secondAgents("demo")
            .agentLog(
                "time=\"2026-01-02T03:00:00Z\" level=warning msg=\"Agent needs to re-attest; will"
                    + " attempt to re-attest\" error=\"failed to sync with SPIRE Server\"\n");
    Finding certain = Expect.first("agent-identity-shared", refused);
    assertThat(certain.confidence()).isEqualTo(Finding.Confidence.CERTAIN);
    assertThat(certain.severity()).isEqualTo(Finding.Severity.ERROR);
    assertThat(certain.evidence().toString()).contains("cluster demo", "Agent needs to re-attest");
  }

  @Test
  void agentsOfDifferentIdentitiesShareNone() {
    ClusterScene named =
        secondAgents("other")
            .configEdit(
                "spire-server",
                "server.conf",
                "clusters = {",
                "clusters = { \"other\" = { service_account_allow_list ="
                    + " [\"spire-system:spire-agent\"] }");
    assertThat(named.report().findings())
        .extracting(ranked -> ranked.finding().id())
        .doesNotContain("agent-identity-shared");
    ClusterScene byPod =
        secondAgents("demo")
            .configEdit(
                "spire-server",
                "server.conf",
                "\"demo\" = {",
                "\"demo\" = { use_pod_uid_for_agent_id = true ");
    assertThat(byPod.report().findings())
        .extracting(ranked -> ranked.finding().id())
        .doesNotContain("agent-identity-shared");
    assertThat(
            secondAgents("demo")
                .set(Kind.POD, "spire-agent-2-1", "/spec/nodeName", "node-2")
                .report()
                .findings())
        .extracting(ranked -> ranked.finding().id())
        .doesNotContain("agent-identity-shared");
  }

  @Test
  void anAgentThatTheServerDoesNotAllowSharesNoIdentity() {
    // It is no part of what is healthy: the agent that the server lists is the other.
    Finding found =
        Expect.first(
            "agent-psat-rejected",
            secondAgents("demo")
                .set(Kind.POD, "spire-agent-2-1", "/spec/serviceAccountName", "other"));
    assertThat(found.severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(found.subject().name()).isEqualTo("spire-agent-2");
    assertThat(found.evidence().toString())
        .contains("spire-system:other, the server allows spire-system:spire-agent");
    // Allowed under the same name, it would take the identity of the other.
    assertThat(found.remedies())
        .singleElement()
        .satisfies(it -> assertThat(it.summary()).contains("a cluster name of its own"));
  }

  private static ClusterScene lost(String policy) {
    return ClusterScene.healthy()
        .attested()
        .agentNotReady()
        .set(Kind.DAEMON_SET, "spire-agent", "/spec/template/spec/dnsPolicy", policy)
        .agentLog(
            "level=warning msg=\"Failed to retrieve attestation result\" error=\"could not open"
                + " attestation stream to SPIRE server: dial tcp: lookup spire-server on"
                + " 192.168.0.1:53: no such host\"\n");
  }

  @Test
  void anAgentThatAsksTheDnsOfItsNodeIsTold() {
    Finding found = Expect.first("agent-server-unreachable", lost("ClusterFirst"));
    assertThat(found.evidence().toString()).contains("hostNetwork true, dnsPolicy ClusterFirst:");
    assertThat(command(found))
        .isEqualTo(
            "kubectl patch -n spire-system daemonset/spire-agent -p"
                + " '{\"spec\":{\"template\":{\"spec\":{\"dnsPolicy\":\"ClusterFirstWithHostNet\"}}}}'");
    for (ClusterScene other :
        List.of(
            lost("ClusterFirstWithHostNet"),
            lost("ClusterFirst").set(Kind.POD, POD, "/spec/hostNetwork", "false"))) {
      assertThat(Expect.first("agent-server-unreachable", other).remedies().toString())
          .doesNotContain("kubectl patch");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "spire-server.spire-system.svc, true",
    "spire-server.spire-system.svc.cluster.local., true",
    "spire-server.spire-system.corp.example, false",
    "spire-server.spire-system.svc-a.example, false",
  })
  void onlyANameOfTheClusterIsForItsDns(String host, boolean ofTheCluster) {
    Finding found =
        Expect.first(
            "agent-server-unreachable",
            lost("ClusterFirst")
                .configEdit(
                    "spire-agent",
                    "agent.conf",
                    "server_address = \"spire-server\"",
                    "server_address = \"" + host + "\""));
    assertThat(found.evidence().toString().contains("dnsPolicy ClusterFirst:"))
        .isEqualTo(ofTheCluster);
  }

  @Test
  void anAgentWithoutDnsIsNotToldToLookAtTheServer() {
    ClusterScene scene =
        ClusterScene.healthy()
            .attested()
            .agentNotReady()
            .agentLog(
                "level=warning msg=\"Failed to retrieve attestation result\" error=\"could not open"
                    + " attestation stream to SPIRE server: dial tcp: lookup spire-server on"
                    + " [::1]:53: read udp [::1]:40031->[::1]:53: read: connection refused\"\n");
    Finding found = Expect.first("agent-server-unreachable", scene);
    assertThat(found.summary()).endsWith("the name leads nowhere");
    assertThat(found.remedies().getFirst().summary()).contains("DNS server", "/etc/resolv.conf");
  }

  private static ClusterScene withoutToken(String automount) {
    return ClusterScene.healthy()
        .set(
            Kind.DAEMON_SET,
            "spire-agent",
            "/spec/template/spec/automountServiceAccountToken",
            automount)
        .agentCrashes(
            "level=error msg=\"Agent crashed\" error=\"failed to configure plugin \\\"k8s\\\":"
                + " rpc error: code = InvalidArgument desc = unable to load token: open"
                + " /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or"
                + " directory\"\n");
  }

  @Test
  void anAgentWithoutItsTokenIsGivenIt() {
    Finding found = Expect.first("agent-config-invalid", withoutToken("false"));
    assertThat(found.evidence().toString()).contains("automountServiceAccountToken false");
    assertThat(command(found))
        .contains(
            "patch -n spire-system daemonset/spire-agent", "automountServiceAccountToken\":true");
    assertThat(command(Expect.first("agent-config-invalid", withoutToken("true"))))
        .contains("edit configmap");
  }

  private static ClusterScene probed(String bind, String asked) {
    return ClusterScene.healthy()
        .agentNotReady()
        .agentConfig(
            "health_checks { listener_enabled = true\n " + bind + " bind_port = \"8080\" }\n")
        .event(
            "Pod",
            "spire-system",
            POD,
            "Unhealthy",
            "Liveness probe failed: Get \"http://"
                + asked
                + "/live\": dial tcp "
                + asked
                + ": connect: connection refused");
  }

  @Test
  void healthChecksOnTheLoopbackInterfaceAreNamed() {
    Finding set =
        Expect.first("agent-not-ready", probed("bind_address = \"localhost\"\n", "10.0.0.5:8080"));
    assertThat(set.summary()).contains("loopback interface only", "kills it");
    assertThat(set.evidence().toString()).contains("health_checks bind_address localhost");
    assertThat(command(set)).contains("bind_address", "localhost(", "/\\10.0.0.0\\3/");
    // The same setting of another block is not meant, so no command changes both.
    Finding twice =
        Expect.first(
            "agent-not-ready",
            probed("bind_address = \"localhost\"\n", "10.0.0.5:8080")
                .agentConfig("telemetry { Prometheus { bind_address = \"localhost\" } }\n"));
    assertThat(((Remedy.Patch) twice.remedies().getFirst()).yaml()).startsWith("health_checks {");
    Finding unset = Expect.first("agent-not-ready", probed("", "10.0.0.5:8080"));
    assertThat(((Remedy.Patch) unset.remedies().getFirst()).yaml())
        .contains("bind_address = \"0.0.0.0\"");
    for (ClusterScene other :
        List.of(
            probed("bind_address = \"0.0.0.0\"\n", "10.0.0.5:8080"),
            probed("", "10.0.0.5:9999"),
            probed("", "127.0.0.1:8080"))) {
      assertThat(Expect.first("agent-not-ready", other).summary()).doesNotContain("loopback");
    }
  }

  @Test
  void anInitContainerThatAnAgentWaitsForIsNamed() {
    ClusterScene scene =
        ClusterScene.healthy()
            .attested()
            .agentNotReady()
            .set(
                Kind.POD,
                POD,
                "/spec/initContainers",
                "[{name: wait-for-vault, image: 'busybox:1'}]")
            .set(
                Kind.POD,
                POD,
                "/status/initContainerStatuses",
                "[{name: wait-for-vault, ready: false, restartCount: 0,"
                    + " state: {running: {startedAt: '2026-01-02T02:00:00Z'}}}]")
            .set(
                Kind.POD,
                POD,
                "/status/containerStatuses",
                "[{name: spire-agent, ready: false, restartCount: 0,"
                    + " state: {waiting: {reason: PodInitializing}}}]")
            .log("spire-system", POD, "wait-for-vault", false, "vault is sealed\n");
    Finding found = Expect.first("agent-not-ready", scene);
    assertThat(found.summary())
        .endsWith("has not started: it waits for its init container wait-for-vault");
    assertThat(found.evidence().toString()).contains("vault is sealed");
    assertThat(command(found)).contains("kubectl logs", "-c wait-for-vault");
  }

  @Test
  void aServiceAccountThatIsGoneIsNamed() {
    Finding found =
        Expect.first(
            "agent-not-on-node",
            withoutAgent()
                .event(
                    "DaemonSet",
                    "spire-system",
                    "spire-agent",
                    "FailedCreate",
                    "Error creating: pods \"spire-agent-\" is forbidden: error looking up service"
                        + " account spire-system/spire-agent: serviceaccount \"spire-agent\" not"
                        + " found"));
    assertThat(found.summary()).contains("service account spire-system/spire-agent does not exist");
    assertThat(command(found))
        .isEqualTo("kubectl create serviceaccount -n spire-system spire-agent");
  }

  @Test
  void anAgentThatHangsIsStartedAnew() {
    Finding found =
        Expect.first(
            "agent-not-ready",
            ClusterScene.healthy()
                .agentNotReady()
                .event(
                    "Pod",
                    "spire-system",
                    POD,
                    "Unhealthy",
                    "Readiness probe failed: Get \"http://172.30.0.1:8080/ready\": context deadline"
                        + " exceeded"));
    assertThat(found.summary()).contains("hangs");
    assertThat(command(found)).isEqualTo(DELETE);
  }
}
