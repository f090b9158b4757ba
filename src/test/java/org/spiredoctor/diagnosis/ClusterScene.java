package org.spiredoctor.diagnosis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
import org.spiredoctor.evidence.cluster.ServerRoute;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.Access;
import org.spiredoctor.kube.Kind;

/**
 * Makes what is seen of a cluster, with one fault. It begins with a healthy cluster: one node, a
 * server, an agent, a pod {@code apps/web} that mounts the socket, a node alias, and the pod's
 * entry.
 */
public final class ClusterScene {
  /** When every scene takes place. */
  public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  /** The node's agent. */
  public static final String AGENT = "spiffe://example.org/spire/agent/k8s_psat/demo/node-uid-1";

  /** The node alias. */
  public static final String ALIAS = "spiffe://example.org/spire-agent";

  /** The pod's identity. */
  public static final String WEB = "spiffe://example.org/web";

  private static final ThreadLocal<List<ClusterEvidence>> REPORTED = new ThreadLocal<>();
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();

  private final Map<Kind, List<JsonNode>> objects = new EnumMap<>(Kind.class);
  private final Map<Kind, Unseen<List<JsonNode>>> refused = new EnumMap<>(Kind.class);
  private final Map<Name, Observed<JsonNode>> configMaps = new LinkedHashMap<>();
  private final Map<LogOf, Observed<String>> logs = new LinkedHashMap<>();
  private final Map<Name, ServerAnswers> others = new LinkedHashMap<>();
  private final Map<Access, Observed<Boolean>> access = new LinkedHashMap<>();
  private final List<Entry> entries = new ArrayList<>();
  private final List<Agent> agents = new ArrayList<>();
  private Observed<String> cluster = new Seen<>("https://cluster.test:6443");
  private Optional<Unseen<String>> serverFails = Optional.empty();
  private Optional<Unseen<List<Entry>>> entriesFail = Optional.empty();
  private Optional<ServerRoute> route = Optional.empty();
  private ClusterQuery.Pods pods = new ClusterQuery.Pods.WithSocket(Optional.empty());
  private Optional<String> spireNamespace = Optional.empty();
  private Optional<String> spireHint = Optional.empty();
  private boolean workloadLogs;
  private Optional<Set<String>> podNamespaces = Optional.empty();
  private Optional<String> trustDomain = Optional.empty();
  private Optional<String> spiffeId = Optional.empty();
  private List<String> federatesWith = List.of();
  private TrustBundle bundle = bundle();
  private List<TrustBundle> federated = List.of();

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

  private List<JsonNode> all(Kind kind) {
    return objects.computeIfAbsent(kind, _ -> new ArrayList<>());
  }

  /** Adds an object, in YAML or JSON. */
  public ClusterScene object(Kind kind, String json) {
    all(kind).add(json(json));
    return this;
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** Changes an object. */
  public ClusterScene edit(Kind kind, String name, Consumer<ObjectNode> change) {
    all(kind).stream()
        .filter(o -> o.at("/metadata/name").asText().equals(name))
        .forEach(o -> change.accept((ObjectNode) o));
    return this;
  }

  /** Puts a value, in YAML or JSON, at a pointer of an object whose parent exists. */
  public ClusterScene set(Kind kind, String name, String pointer, String value) {
    int slash = pointer.lastIndexOf('/');
    JsonNode node = json("v: " + value).get("v");
    return edit(
        kind,
        name,
        o ->
            ((ObjectNode) o.at(pointer.substring(0, slash)))
                .set(pointer.substring(slash + 1), node));
  }

  /** Puts the fields of an object, in YAML or JSON, into the one at a pointer. */
  public ClusterScene merge(Kind kind, String name, String pointer, String fields) {
    return edit(kind, name, o -> ((ObjectNode) o.at(pointer)).setAll(json(fields)));
  }

  /** Adds an item, in YAML or JSON, to the list at a pointer of an object. */
  public ClusterScene add(Kind kind, String name, String pointer, String item) {
    return edit(kind, name, o -> ((ArrayNode) o.at(pointer)).add(json(item)));
  }

  /** Takes an object away. */
  public ClusterScene remove(Kind kind, String name) {
    all(kind).removeIf(o -> o.at("/metadata/name").asText().equals(name));
    return this;
  }

  /** A warning event of an object. */
  public ClusterScene event(
      String kind, String namespace, String name, String reason, String text) {
    ObjectNode event = MAPPER.createObjectNode();
    event
        .putObject("involvedObject")
        .put("kind", kind)
        .put("namespace", namespace)
        .put("name", name);
    event.put("type", "Warning").put("reason", reason).put("message", text);
    event.put("lastTimestamp", NOW.minusSeconds(10).toString());
    all(Kind.EVENT).add(event);
    return this;
  }

  /** What a kind's listing is refused with. */
  public ClusterScene forbidden(Kind kind) {
    refused.put(
        kind,
        new Unseen<>(
            Reason.FORBIDDEN,
            "list " + kind.plural(),
            "403 " + kind.plural() + " is forbidden: User \"dev\" cannot list resource"));
    return this;
  }

  /** A kind that the cluster does not have. */
  public ClusterScene absent(Kind kind) {
    refused.put(kind, new Unseen<>(Reason.ABSENT, "list " + kind.plural(), "404"));
    return this;
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

  /** The data of a config map of SPIRE. */
  public ClusterScene configMap(String name, String key, String text) {
    return configMapIn("spire-system", name, key, text);
  }

  /** A config map of SPIRE that was not seen. */
  public ClusterScene configMapUnseen(String name, Reason reason) {
    configMaps.put(
        new Name("spire-system", name),
        new Unseen<>(reason, "get configmaps in namespace spire-system", "interrupted"));
    return this;
  }

  /** The data of a config map in another namespace. */
  public ClusterScene configMapIn(String namespace, String name, String key, String text) {
    ObjectNode map = MAPPER.createObjectNode();
    map.putObject("data").put(key, text);
    configMaps.put(new Name(namespace, name), new Seen<>(map));
    return this;
  }

  /** What another server says. */
  public ClusterScene otherServer(
      String namespace, String pod, List<Agent> itsAgents, List<Entry> itsEntries) {
    Name name = new Name(namespace, pod);
    String domain =
        itsAgents.stream()
            .findFirst()
            .map(agent -> SpiffeIds.trustDomain(agent.id()))
            .orElse("example.org");
    TrustBundle its =
        new TrustBundle(
            domain, bundle().x509Authorities(), bundle().jwtAuthorities(), 1, Optional.empty());
    others.put(name, said(ServerRoute.exec(name), itsAgents, itsEntries, its));
    return this;
  }

  /** Another server does not say anything. */
  public ClusterScene otherServerFails(String namespace, String pod, Reason reason, String why) {
    Name name = new Name(namespace, pod);
    others.put(
        name,
        ServerAnswers.none(
            ServerRoute.exec(name), new Unseen<>(reason, "run spire-server in its pod", why)));
    return this;
  }

  /** What the agent's configuration says besides. */
  public ClusterScene agentConfig(String more) {
    String text =
        Optional.ofNullable(configMaps.get(new Name("spire-system", "spire-agent")))
            .flatMap(Observed::seen)
            .orElseThrow()
            .at("/data/agent.conf")
            .asText();
    return configMap("spire-agent", "agent.conf", text + more);
  }

  /** The user wants the logs of failed workloads too. */
  public ClusterScene workloadLogs() {
    this.workloadLogs = true;
    return this;
  }

  /** What a container of SPIRE or of another pod logged. */
  public ClusterScene log(
      String namespace, String pod, String container, boolean previous, String text) {
    logs.put(new LogOf(namespace, pod, container, previous), new Seen<>(text));
    return this;
  }

  /** Changes a part of a configuration. */
  public ClusterScene configEdit(String name, String key, String from, String to) {
    String text =
        Optional.ofNullable(configMaps.get(new Name("spire-system", name)))
            .flatMap(Observed::seen)
            .orElseThrow()
            .path("data")
            .path(key)
            .asText();
    if (!text.contains(from)) {
      throw new IllegalArgumentException(from);
    }
    return configMap(name, key, text.replace(from, to));
  }

  /** One more key of a config map. */
  public ClusterScene addToConfigMap(String name, String key, String text) {
    return addToConfigMapIn("spire-system", name, key, text);
  }

  /** Mounts a config map into the workload, under its own name. */
  ClusterScene webMounts(String configMap, String path) {
    return edit(
        Kind.POD,
        "web",
        o -> {
          ((ArrayNode) o.at("/spec/volumes"))
              .addObject()
              .put("name", configMap)
              .putObject("configMap")
              .put("name", configMap);
          ((ArrayNode) o.at("/spec/containers/0/volumeMounts"))
              .addObject()
              .put("name", configMap)
              .put("mountPath", path);
        });
  }

  /** The same in another namespace. */
  public ClusterScene addToConfigMapIn(String namespace, String name, String key, String text) {
    Optional.ofNullable(configMaps.get(new Name(namespace, name)))
        .flatMap(Observed::seen)
        .ifPresent(map -> ((ObjectNode) map.path("data")).put(key, text));
    return this;
  }

  /** Another object like one that is there. */
  public ClusterScene copy(Kind kind, String name, String as) {
    all(kind).stream()
        .filter(o -> o.at("/metadata/name").asText().equals(name))
        .findFirst()
        .ifPresent(
            o -> {
              ObjectNode copy = o.deepCopy();
              ((ObjectNode) copy.path("metadata")).put("name", as).put("uid", as);
              all(kind).add(copy);
            });
    return this;
  }

  /** A log that was not seen. */
  public ClusterScene logUnseen(String namespace, String pod, String container, Reason reason) {
    logs.put(
        new LogOf(namespace, pod, container, false),
        new Unseen<>(reason, "get pods/log in namespace " + namespace, "403 pods/log"));
    return this;
  }

  /** What the agent logged. */
  public ClusterScene agentLog(String text) {
    return log("spire-system", "spire-agent-x1y2z", "spire-agent", false, text);
  }

  /** What the server logged. */
  public ClusterScene serverLog(String text) {
    return log("spire-system", "spire-server-0", "spire-server", false, text);
  }

  /** Over the network, as somebody. */
  public ClusterScene askedAt(String address, String as) {
    route = Optional.of(new ServerRoute(ServerRoute.By.NETWORK, address, Optional.of(as)));
    return this;
  }

  /** On the server's own socket. */
  public ClusterScene askedOn(String socket) {
    route = Optional.of(new ServerRoute(ServerRoute.By.SOCKET, socket, Optional.empty()));
    return this;
  }

  /** There is no kubeconfig, and nobody misses one. */
  public ClusterScene withoutCluster() {
    cluster = new Unseen<>(Reason.NOT_ASKED, "cluster", "no kubeconfig");
    objects.clear();
    configMaps.clear();
    logs.clear();
    return this;
  }

  /** What the server says when it is asked. */
  public ClusterScene serverFails(Reason reason, String why) {
    serverFails = Optional.of(new Unseen<>(reason, "run spire-server in its pod", why));
    return this;
  }

  /** The server says everything but its entries. */
  public ClusterScene entriesFail(String why) {
    entriesFail = Optional.of(new Unseen<>(Reason.FAILED, "read the answer", why));
    return this;
  }

  /** Replaces the entry of the pod. */
  public ClusterScene webEntry(Entry... instead) {
    entries.removeIf(e -> e.id().equals("web"));
    entries.addAll(List.of(instead));
    return this;
  }

  /** Replaces all entries. */
  public ClusterScene entries(Entry... all) {
    entries.clear();
    entries.addAll(List.of(all));
    return this;
  }

  /** Replaces the agents that the server knows. */
  public ClusterScene attested(Agent... all) {
    agents.clear();
    agents.addAll(List.of(all));
    return this;
  }

  /** A spire-controller-manager beside the server, with these settings. */
  public ClusterScene controllerManager(String settings) {
    configMap(
        "spire-controller-manager",
        "controller-manager-config.yaml",
        "kind: ControllerManagerConfig\ntrustDomain: example.org\n" + settings);
    return edit(
        Kind.POD,
        "spire-server-0",
        o -> {
          ((ArrayNode) o.at("/spec/containers"))
              .add(
                  json(
                      "{name: spire-controller-manager, image:"
                          + " 'ghcr.io/spiffe/spire-controller-manager:0.6.4'}"));
          ((ArrayNode) o.at("/spec/volumes"))
              .add(json("{name: scm, configMap: {name: spire-controller-manager}}"));
        });
  }

  /** What the controller-manager logged. */
  public ClusterScene controllerLog(String text) {
    return log("spire-system", "spire-server-0", "spire-controller-manager", false, text);
  }

  /** What a service account of SPIRE may not do; one of the whole cluster. */
  public ClusterScene denied(String account, String verb, String group, String resource) {
    return denied(Access.everywhere("spire-system:" + account, verb, group, resource));
  }

  /** What a service account of SPIRE may do, of the whole cluster. */
  public ClusterScene allowed(String account, String verb, String group, String resource) {
    access.put(
        Access.everywhere("spire-system:" + account, verb, group, resource), new Seen<>(true));
    return this;
  }

  /** The same of whatever service account. */
  ClusterScene allowed(Access what) {
    access.put(what, new Seen<>(true));
    return this;
  }

  /** Agents may list pods through the kubelet, which only a cluster administrator can grant. */
  public ClusterScene kubeletRights(String account) {
    access.put(Access.everywhere(account, "get", "", "nodes/proxy"), new Seen<>(true));
    return this;
  }

  /** The same of one object. */
  public ClusterScene denied(Access what) {
    access.put(what, new Seen<>(false));
    return this;
  }

  /** What the user asks. */
  public ClusterScene asking(ClusterQuery.Pods which) {
    this.pods = which;
    return this;
  }

  /** The pod that the user asks of. */
  public ClusterScene askingFor(String namespace, String pod) {
    return asking(new ClusterQuery.Pods.Named(Optional.of(namespace), pod));
  }

  /** Only pods of these namespaces may be listed. */
  public ClusterScene podsOf(String... namespaces) {
    this.podNamespaces = Optional.of(Set.of(namespaces));
    all(Kind.POD)
        .removeIf(
            pod -> !podNamespaces.orElseThrow().contains(pod.at("/metadata/namespace").asText()));
    return this;
  }

  public ClusterScene expectingDomain(String name) {
    this.trustDomain = Optional.of(name);
    return this;
  }

  public ClusterScene expecting(String id) {
    this.spiffeId = Optional.of(id);
    return this;
  }

  public ClusterScene federatingWith(String... domains) {
    this.federatesWith = List.of(domains);
    return this;
  }

  public ClusterScene spireIn(String namespace) {
    this.spireNamespace = Optional.of(namespace);
    return this;
  }

  /** Where SPIRE is looked for first. */
  public ClusterScene hinting(String namespace) {
    this.spireHint = Optional.of(namespace);
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

  private ServerAnswers answers() {
    ServerRoute asked = route.orElse(ServerRoute.exec(new Name("spire-system", "spire-server-0")));
    return serverFails
        .map(why -> ServerAnswers.none(asked, why))
        .orElseGet(() -> said(asked, List.copyOf(agents), List.copyOf(entries), bundle));
  }

  private ServerAnswers said(
      ServerRoute asked, List<Agent> itsAgents, List<Entry> itsEntries, TrustBundle its) {
    return new ServerAnswers(
        asked,
        new Seen<>("Server is healthy."),
        new Seen<>(itsAgents),
        entriesFail.<Observed<List<Entry>>>map(failed -> failed).orElse(new Seen<>(itsEntries)),
        new Seen<>(its),
        new Seen<>(federated),
        new Seen<>(List.of()),
        new Seen<>("1.15.3"),
        new Seen<>(
            new ServerInfo(
                Duration.ofDays(3),
                List.of(
                    new ServerInfo.Certificate(
                        "spiffe://" + its.trustDomain() + "/spire/server",
                        "O=SPIRE,C=US",
                        Optional.of(NOW.plus(Duration.ofHours(1))))))));
  }

  /** The server's own bundle is another one. */
  public ClusterScene bundle(TrustBundle other) {
    this.bundle = other;
    return this;
  }

  /** The bundles that the server has of other trust domains. */
  public ClusterScene federated(TrustBundle... all) {
    this.federated = List.of(all);
    return this;
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

  private static TrustBundle bundle() {
    return new TrustBundle(
        "example.org",
        List.of(authority(NOW.minus(Duration.ofHours(1)), NOW.plus(Duration.ofHours(23)), false)),
        List.of(
            new TrustBundle.JwtAuthority(
                "nKkrHJNk", Optional.of(NOW.plus(Duration.ofHours(23))), false)),
        1,
        Optional.empty());
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

  /** The agent's pod does not become ready, though its program runs. */
  public ClusterScene agentNotReady() {
    return notReady("spire-agent-x1y2z");
  }

  /** The agent ends as soon as it is started. */
  public ClusterScene agentCrashes(String log) {
    return crashes("spire-agent-x1y2z")
        .log("spire-system", "spire-agent-x1y2z", "spire-agent", true, log);
  }

  /** The server ends as soon as it is started. */
  public ClusterScene serverCrashes(String log) {
    return crashes("spire-server-0")
        .log("spire-system", "spire-server-0", "spire-server", true, log);
  }

  /** The pod {@code apps/web} is not ready, and that is all that shows of it. */
  public ClusterScene webNotReady() {
    return set(Kind.POD, "web", "/status/conditions", "[{type: Ready, status: 'False'}]");
  }

  ClusterScene notReady(String pod) {
    return set(Kind.POD, pod, "/status/conditions", "[{type: Ready, status: 'False'}]")
        .edit(
            Kind.POD,
            pod,
            o -> ((ObjectNode) o.at("/status/containerStatuses/0")).put("ready", false));
  }

  private ClusterScene crashes(String pod) {
    return notReady(pod)
        .edit(
            Kind.POD,
            pod,
            o -> {
              ObjectNode status = (ObjectNode) o.at("/status/containerStatuses/0");
              status.put("restartCount", 5);
              status.set(
                  "state", json("waiting: {reason: CrashLoopBackOff, message: back-off 40s}"));
              status.set("lastState", json("terminated: {exitCode: 1, reason: Error}"));
            });
  }

  /** The log of a container may not be read. */
  public ClusterScene logForbidden(String pod, String container) {
    logs.put(
        new LogOf("spire-system", pod, container, false),
        new Unseen<>(Reason.FORBIDDEN, "get pods/log in spire-system", "403"));
    return this;
  }
}
