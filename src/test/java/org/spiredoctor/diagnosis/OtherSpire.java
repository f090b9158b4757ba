package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Kind;

/** Puts a second SPIRE into a scene: a server, an agent on the same node, and its node alias. */
final class OtherSpire {
  private final String namespace;
  private final String name;
  private final String domain;
  private final String directory;
  private String address;

  /**
   * @param name before {@code -server} and {@code -agent}
   * @param directory of its agent's socket on the node
   */
  OtherSpire(String namespace, String name, String domain, String directory) {
    this.namespace = namespace;
    this.name = name;
    this.domain = domain;
    this.directory = directory;
    this.address = name + "-server";
  }

  /** Where its agent expects its server. */
  OtherSpire at(String serverAddress) {
    this.address = serverAddress;
    return this;
  }

  String id(String path) {
    return "spiffe://" + domain + path;
  }

  /** The service account of one of its programs, as its rights are asked for. */
  String account(String program) {
    return namespace + ":" + name + "-" + program;
  }

  String server() {
    return name + "-server-0";
  }

  private List<Agent> agents() {
    return List.of(
        new Agent(
            id("/spire/agent/k8s_psat/" + name + "/node-uid-1"),
            "k8s_psat",
            Stream.concat(
                    selectors().stream(),
                    Stream.of(
                        new Selector("k8s_psat", "agent_node_name:node-1"),
                        new Selector("k8s_psat", "agent_node_uid:node-uid-1")))
                .collect(Collectors.toSet()),
            false,
            true,
            Optional.of(ClusterScene.NOW.plusSeconds(3600)),
            Optional.of("1.15.3")));
  }

  private Set<Selector> selectors() {
    return Stream.of("cluster:" + name, "agent_ns:" + namespace, "agent_sa:" + name + "-agent")
        .map(value -> new Selector("k8s_psat", value))
        .collect(Collectors.toSet());
  }

  /** Adds it, with these entries under its alias. */
  ClusterScene in(ClusterScene scene, Entry... more) {
    List<Entry> entries = new ArrayList<>(List.of(more));
    entries.add(
        ClusterScene.entry(
            name + "-alias",
            id("/" + name + "-nodes"),
            id("/spire/server"),
            selectors().stream().map(Selector::toString).toArray(String[]::new)));
    program(scene, "StatefulSet", Kind.STATEFUL_SET, "server", server());
    program(scene, "DaemonSet", Kind.DAEMON_SET, "agent", name + "-agent-q1w2e");
    scene.configMapIn(
        namespace,
        name + "-server",
        "server.conf",
        """
        server { trust_domain = "%s" }
        plugins {
          NodeAttestor "k8s_psat" {
            plugin_data { clusters = { "%s" = { service_account_allow_list = ["%s:%s-agent"] } } }
          }
        }
        """
            .formatted(domain, name, namespace, name));
    scene.configMapIn(
        namespace,
        name + "-agent",
        "agent.conf",
        """
        agent {
          trust_domain = "%s"
          server_address = "%s"
          socket_path = "/sockets/api.sock"
        }
        plugins {
          NodeAttestor "k8s_psat" { plugin_data { cluster = "%s" } }
          WorkloadAttestor "k8s" { plugin_data { skip_kubelet_verification = true } }
        }
        """
            .formatted(domain, address, name));
    scene.object(
        Kind.SERVICE,
        """
        {metadata: {name: %1$s-server, namespace: %2$s},
         spec: {clusterIP: 10.96.0.9, selector: {app: %1$s-server},
           ports: [{name: grpc, port: 8081, targetPort: 8081}]}}
        """
            .formatted(name, namespace));
    return scene.otherServer(namespace, server(), agents(), entries);
  }

  private void program(ClusterScene scene, String kind, Kind list, String program, String pod) {
    boolean agent = program.equals("agent");
    String spec =
        """
        {nodeName: node-1, serviceAccountName: %1$s-%2$s, hostPID: %3$s,
         containers: [{name: spire-%2$s, image: "ghcr.io/spiffe/spire-%2$s:1.15.3",
           volumeMounts: [{name: config, mountPath: /config}, {name: sockets, mountPath: /sockets},
             {name: token, mountPath: /var/run/secrets/tokens}]}],
         volumes: [{name: config, configMap: {name: %1$s-%2$s}},
           {name: sockets, %4$s},
           {name: token, projected: {sources: [{serviceAccountToken:
             {path: spire-agent, audience: spire-server}}]}}]}
        """
            .formatted(
                name,
                program,
                agent,
                agent ? "hostPath: {path: " + directory + "}" : "emptyDir: {}");
    String object = name + "-" + program;
    scene.object(
        list,
        """
        {metadata: {name: %1$s, namespace: %2$s, uid: %2$s-%1$s, labels: {app: %1$s}},
         spec: {replicas: 1, template: {metadata: {labels: {app: %1$s}}, spec: %3$s}},
         status: {replicas: 1, readyReplicas: 1, desiredNumberScheduled: 1, numberReady: 1}}
        """
            .formatted(object, namespace, spec));
    scene.object(
        Kind.POD,
        """
        {metadata: {name: %1$s, namespace: %2$s, uid: %2$s-%1$s, labels: {app: %3$s},
           ownerReferences: [{kind: %4$s, name: %3$s, uid: %2$s-%3$s}]},
         spec: %5$s,
         status: {phase: Running, conditions: [{type: Ready, status: "True"}],
           containerStatuses: [{name: spire-%6$s, image: "ghcr.io/spiffe/spire-%6$s:1.15.3",
             imageID: "x@sha256:bb", ready: true, restartCount: 0, state: {running: {}}}]}}
        """
            .formatted(pod, namespace, object, kind, spec, program));
  }

  /** Adds a pod that has the socket by this volume. */
  static ClusterScene pod(ClusterScene scene, String name, String volume) {
    return scene.object(
        Kind.POD,
        """
        {metadata: {name: %1$s, namespace: apps, uid: %1$s-uid, labels: {app: %1$s}},
         spec: {nodeName: node-1, serviceAccountName: default,
           containers: [{name: app, image: "%1$s:1",
             env: [{name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///s/api.sock"}],
             volumeMounts: [{name: spire, mountPath: /s, readOnly: true}]}],
           volumes: [{name: spire, %2$s}]},
         status: {phase: Running, conditions: [{type: Ready, status: "True"}],
           containerStatuses: [{name: app, image: "%1$s:1", imageID: "o@sha256:aa", ready: true,
             restartCount: 0, state: {running: {startedAt: "2026-01-02T03:00:00Z"}}}]}}
        """
            .formatted(name, volume));
  }

  /** Adds a CSI driver for its agents' socket. */
  ClusterScene driver(ClusterScene scene, String driver) {
    return scene
        .object(Kind.CSI_DRIVER, "{metadata: {name: %s}}".formatted(driver))
        .object(
            Kind.POD,
            """
            {metadata: {name: %1$s-driver, namespace: %2$s, uid: %1$s-driver},
             spec: {nodeName: node-1, containers: [{name: driver,
                 image: "ghcr.io/spiffe/spiffe-csi-driver:0.2.7",
                 args: [-workload-api-socket-dir, /agent, -plugin-name, %3$s],
                 volumeMounts: [{name: agent, mountPath: /agent}]}],
               volumes: [{name: agent, hostPath: {path: %4$s}}]},
             status: {phase: Running, conditions: [{type: Ready, status: "True"}]}}
            """
                .formatted(name, namespace, driver, directory));
  }
}
