package org.spiredoctor.diagnosis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.ConfigMapGate;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.Kind;

/**
 * Makes what is seen of a cluster, with one fault. It begins with a healthy cluster: one node, a
 * server, an agent, a pod {@code apps/web} that mounts the socket, a node alias, and the pod's
 * entry.
 */
public final class ClusterScene extends SceneQuery {
  /** When every scene takes place. */
  public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  /** The node's agent. */
  public static final String AGENT = "spiffe://example.org/spire/agent/k8s_psat/demo/node-uid-1";

  /** The node alias. */
  public static final String ALIAS = "spiffe://example.org/spire-agent";

  /** The pod's identity. */
  public static final String WEB = "spiffe://example.org/web";

  private static final ThreadLocal<List<ClusterEvidence>> REPORTED = new ThreadLocal<>();
  private Observed<String> cluster = new Seen<>("https://cluster.test:6443");

  private ClusterScene() {
    for (Kind kind : Kind.values()) {
      objects.put(kind, new ArrayList<>());
    }
    Stream.of("default", "apps", "spire-system")
        .forEach(
            ns ->
                object(
                    Kind.NAMESPACE,
                    "{metadata: {name: %s}, status: {phase: Active}}".formatted(ns)));
    object(
        Kind.NODE,
        """
        {metadata: {name: node-1, uid: node-uid-1, labels: {kubernetes.io/hostname: node-1}},
         spec: {}, status: {conditions: [{type: Ready, status: "True"}],
         nodeInfo: {kubeletVersion: v1.34.4}}}
        """);
    spire("StatefulSet", "spire-server", "spire-server", Kind.STATEFUL_SET, "spire-server-0");
    spire("DaemonSet", "spire-agent", "spire-agent", Kind.DAEMON_SET, "spire-agent-x1y2z");
    object(
        Kind.SERVICE,
        """
        {metadata: {name: spire-server, namespace: spire-system},
         spec: {clusterIP: 10.96.0.7, selector: {app: spire-server},
           ports: [{name: grpc, port: 8081, targetPort: 8081}]}}
        """);
    configMap(
        "spire-server",
        "server.conf",
        """
        server {
          trust_domain = "example.org"
          bind_port = "8081"
        }
        plugins {
          NodeAttestor "k8s_psat" {
            plugin_data {
              clusters = { "demo" = { service_account_allow_list = ["spire-system:spire-agent"] } }
            }
          }
        }
        """);
    configMap(
        "spire-agent",
        "agent.conf",
        """
        agent {
          trust_domain = "example.org"
          server_address = "spire-server"
          server_port = "8081"
          socket_path = "/run/spire/sockets/api.sock"
        }
        plugins {
          NodeAttestor "k8s_psat" { plugin_data { cluster = "demo" } }
          WorkloadAttestor "k8s" { plugin_data { skip_kubelet_verification = true } }
          WorkloadAttestor "unix" { plugin_data {} }
        }
        """);
    object(
        Kind.POD,
        """
        {metadata: {name: web, namespace: apps, uid: pod-uid-1, labels: {app: web}},
         spec: {nodeName: node-1, serviceAccountName: default,
           containers: [{name: app, image: "web:1",
             env: [{name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///spire-socket/api.sock"}],
             volumeMounts: [{name: spire, mountPath: /spire-socket}]}],
           volumes: [{name: spire, hostPath: {path: /run/spire/sockets, type: Directory}}]},
         status: {phase: Running, conditions: [{type: Ready, status: "True"}],
           containerStatuses: [{name: app, image: "web:1", imageID: "web@sha256:aa", ready: true,
             restartCount: 0, state: {running: {startedAt: "2026-01-02T03:00:00Z"}}}]}}
        """);
    agents.add(agent(AGENT, "node-1", "node-uid-1"));
    entries.add(
        entry(
            "alias",
            ALIAS,
            "spiffe://example.org/spire/server",
            "k8s_psat:cluster:demo",
            "k8s_psat:agent_ns:spire-system",
            "k8s_psat:agent_sa:spire-agent"));
    entries.add(entry("web", WEB, ALIAS, "k8s:ns:apps", "k8s:sa:default", "k8s:pod-label:app:web"));
  }

  private void spire(String kind, String name, String program, Kind list, String pod) {
    boolean agent = name.endsWith("agent");
    String spec =
        """
        {nodeName: %s, serviceAccountName: %s, hostPID: %s, hostNetwork: %s,
         containers: [{name: %s, image: "ghcr.io/spiffe/%s:1.15.3",
           args: [-config, /run/spire/config/%s.conf],
           volumeMounts: [{name: config, mountPath: /run/spire/config}%s]}],
         volumes: [{name: config, configMap: {name: %s}}%s]}
        """
            .formatted(
                "node-1",
                name,
                agent,
                agent,
                name,
                program,
                agent ? "agent" : "server",
                agent
                    ? ", {name: sockets, mountPath: /run/spire/sockets}"
                        + ", {name: token, mountPath: /var/run/secrets/tokens}"
                    : "",
                name,
                agent
                    ? ", {name: sockets, hostPath: {path: /run/spire/sockets, type:"
                        + " DirectoryOrCreate}}, {name: token, projected: {sources:"
                        + " [{serviceAccountToken: {path: spire-agent, audience: spire-server}}]}}"
                    : "");
    object(
        list,
        """
        {metadata: {name: %s, namespace: spire-system, uid: %s-uid, labels: {app: %s}},
         spec: {replicas: 1, template: {metadata: {labels: {app: %s}}, spec: %s}},
         status: {replicas: 1, readyReplicas: 1, desiredNumberScheduled: 1, numberReady: 1}}
        """
            .formatted(name, name, name, name, spec));
    edit(list, name, o -> ((ObjectNode) o.at("/spec/template/spec")).remove("nodeName"));
    object(
        Kind.POD,
        """
        {metadata: {name: %s, namespace: spire-system, uid: %s-pod, labels: {app: %s},
           ownerReferences: [{kind: %s, name: %s, uid: %s-uid}]},
         spec: %s,
         status: {phase: Running, conditions: [{type: Ready, status: "True"}],
           containerStatuses: [{name: %s, image: "ghcr.io/spiffe/%s:1.15.3", imageID: "x@sha256:bb",
             ready: true, restartCount: 0, state: {running: {}}}]}}
        """
            .formatted(pod, name, name, kind, name, name, spec, name, program));
  }

  /** A healthy cluster. */
  public static ClusterScene healthy() {
    return new ClusterScene();
  }

  /** A cluster without anything, to be put beside another. */
  static ClusterScene empty() {
    ClusterScene scene = new ClusterScene();
    scene.objects.values().forEach(List::clear);
    scene.configMaps.clear();
    return scene;
  }

  /** What is seen in each scene that is reported while a test runs. */
  static List<ClusterEvidence> reportedBy(Executable test) throws Throwable {
    List<ClusterEvidence> reported = new ArrayList<>();
    REPORTED.set(reported);
    try {
      test.execute();
    } finally {
      REPORTED.remove();
    }
    return reported;
  }

  /** An agent as the server lists it. */
  public static Agent agent(String id, String node, String nodeUid) {
    return new Agent(
        id,
        "k8s_psat",
        selectors(
            "k8s_psat:cluster:demo",
            "k8s_psat:agent_ns:spire-system",
            "k8s_psat:agent_sa:spire-agent",
            "k8s_psat:agent_node_name:" + node,
            "k8s_psat:agent_node_uid:" + nodeUid),
        false,
        true,
        Optional.of(NOW.plusSeconds(3600)),
        Optional.of("1.15.3"));
  }

  /** An entry with nothing special. */
  public static Entry entry(String id, String spiffeId, String parentId, String... selectors) {
    return new Entry(
        id,
        spiffeId,
        parentId,
        selectors(selectors),
        Optional.empty(),
        Optional.of(NOW.minusSeconds(3600)),
        false,
        false,
        "",
        List.of(),
        Entry.Settings.NONE);
  }

  private static Set<Selector> selectors(String... texts) {
    return Stream.of(texts)
        .map(Selector::parse)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The API server cannot be reached. */
  public ClusterScene unreachable(String why) {
    return unreachable("https://cluster.test:6443", why);
  }

  /** The same, with what was asked. */
  public ClusterScene unreachable(String asked, String why) {
    cluster = new Unseen<>(Reason.FAILED, asked, why);
    for (Kind kind : Kind.values()) {
      refused.put(kind, new Unseen<>(Reason.FAILED, "list " + kind.plural(), why));
    }
    return serverFails(Reason.NOT_ASKED, "not asked");
  }

  /** There is no kubeconfig, and nobody misses one. */
  public ClusterScene withoutCluster() {
    cluster = new Unseen<>(Reason.NOT_ASKED, "cluster", "no kubeconfig");
    objects.clear();
    configMaps.clear();
    logs.clear();
    return this;
  }

  /** The evidence. */
  public ClusterEvidence evidence() {
    Map<Kind, Observed<List<JsonNode>>> listed = new EnumMap<>(Kind.class);
    objects.forEach((kind, all) -> listed.put(kind, new Seen<>(copies(all))));
    listed.putAll(refused);
    Optional<Name> asked = route.map(r -> new Name("", r.address()));
    boolean serverRuns =
        all(Kind.POD).stream()
            .anyMatch(
                p ->
                    p.at("/metadata/name").asText().equals("spire-server-0")
                        && p.at("/status/containerStatuses/0/state").has("running"));
    Map<Name, ServerAnswers> servers = new LinkedHashMap<>();
    if (asked.isPresent() || (serverRuns && !refused.containsKey(Kind.POD))) {
      servers.put(asked.orElse(new Name("spire-system", "spire-server-0")), answers());
    }
    // Who is asked over its API is asked alone.
    if (asked.isEmpty() && !refused.containsKey(Kind.POD)) {
      servers.putAll(others);
    }
    ClusterQuery query =
        new ClusterQuery(
            pods,
            spireNamespace,
            spireHint,
            trustDomain,
            spiffeId,
            federatesWith,
            true,
            workloadLogs,
            false);
    Snapshot snapshot =
        new Snapshot(
            NOW,
            cluster,
            listed,
            podNamespaces,
            copies(configMaps),
            Map.copyOf(logs),
            servers,
            Map.copyOf(access));
    return ClusterEvidence.of(ConfigMapGate.through(snapshot, query), query);
  }

  /** The scene may be changed after it was seen. */
  private static List<JsonNode> copies(List<JsonNode> all) {
    return all.stream().map(JsonNode::<JsonNode>deepCopy).toList();
  }

  private static Map<Name, Observed<JsonNode>> copies(Map<Name, Observed<JsonNode>> all) {
    return all.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, one -> one.getValue().map(JsonNode::<JsonNode>deepCopy)));
  }

  /** An X.509 authority. */
  public static TrustBundle.X509Authority authority(Instant from, Instant to, boolean tainted) {
    return new TrustBundle.X509Authority(
        "O=SPIFFE,C=US",
        Optional.of(from),
        Optional.of(to),
        "5d41402abc4b2a76b9719d911017c592ae3f1d0c",
        tainted);
  }

  /** A bundle with these X.509 authorities, and a JWT key. */
  public static TrustBundle bundleOf(String domain, TrustBundle.X509Authority... authorities) {
    return new TrustBundle(
        domain, List.of(authorities), bundle().jwtAuthorities(), 1, Optional.empty());
  }

  /** What all rules make of it. */
  public Report report() {
    ClusterEvidence evidence = evidence();
    Optional.ofNullable(REPORTED.get()).ifPresent(reported -> reported.add(evidence));
    return report(evidence);
  }

  /** What all rules make of what is seen. */
  static Report report(ClusterEvidence evidence) {
    return Diagnosis.examine(new ClusterCase(evidence), Rules.all());
  }

  @Override
  ClusterScene self() {
    return this;
  }
}
