package org.spiredoctor.diagnosis;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.spiredoctor.kube.Kind;

/** Scenes in which SPIRE is installed as others install it; all is well in them. */
public final class Layouts {
  /** The pod of the CSI driver. */
  public static final String DRIVER = "spire-spiffe-csi-driver-4k9dz";

  private static final String AGENT = "spire-agent-x1y2z";

  private Layouts() {}

  /**
   * As SPIRE's Helm chart has it: the socket has another name in the agent than a workload may use,
   * links are made to it, and a DaemonSet of its own brings it by CSI.
   */
  public static ClusterScene chart() {
    ClusterScene scene =
        ClusterScene.healthy()
            .configEdit(
                "spire-agent",
                "agent.conf",
                "/run/spire/sockets/api.sock",
                "/tmp/spire-agent/public/spire-agent.sock")
            .set(
                Kind.POD,
                AGENT,
                "/spec/containers/0/volumeMounts/1/mountPath",
                "/tmp/spire-agent/public")
            .set(Kind.POD, AGENT, "/spec/volumes/1/hostPath/path", "/run/spire/agent-sockets")
            .set(
                Kind.POD,
                AGENT,
                "/spec/initContainers",
                """
                [{name: ensure-alternate-names, image: "cgr.dev/chainguard/bash:latest",
                  args: ["ln -s spire-agent.sock socket", "ln -s spire-agent.sock api.sock"],
                  volumeMounts: [{name: sockets, mountPath: /run/spire/agent-sockets}]}]
                """)
            .set(
                Kind.POD,
                AGENT,
                "/status/initContainerStatuses",
                """
                [{name: ensure-alternate-names, ready: true, restartCount: 0,
                  state: {terminated: {exitCode: 0}}}]
                """)
            .object(Kind.CSI_DRIVER, "{metadata: {name: csi.spiffe.io}}")
            .object(
                Kind.DAEMON_SET,
                """
                {metadata: {name: spire-spiffe-csi-driver, namespace: spire-system, uid: csi-uid,
                   labels: {helm.sh/chart: spiffe-csi-driver-0.1.0}},
                 spec: {template: {metadata: {}, spec: {containers: [{name: spiffe-csi-driver,
                   image: "ghcr.io/spiffe/spiffe-csi-driver:0.2.7"}]}}},
                 status: {desiredNumberScheduled: 1, numberReady: 1}}
                """)
            .object(
                Kind.POD,
                """
                {metadata: {name: spire-spiffe-csi-driver-4k9dz, namespace: spire-system, uid: csi-pod,
                   ownerReferences: [{kind: DaemonSet, name: spire-spiffe-csi-driver, uid: csi-uid}]},
                 spec: {nodeName: node-1, serviceAccountName: spire-spiffe-csi-driver,
                   containers: [{name: spiffe-csi-driver,
                     image: "ghcr.io/spiffe/spiffe-csi-driver:0.2.7",
                     args: [-workload-api-socket-dir, /spire-agent-socket,
                       -plugin-name, csi.spiffe.io, -csi-socket-path, /spiffe-csi/csi.sock],
                     volumeMounts: [{name: spire-agent-socket-dir, mountPath: /spire-agent-socket}]}],
                   volumes: [{name: spire-agent-socket-dir, hostPath: {
                     path: /run/spire/agent-sockets, type: DirectoryOrCreate}}]},
                 status: {phase: Running, conditions: [{type: Ready, status: "True"}],
                   containerStatuses: [{name: spiffe-csi-driver, ready: true, restartCount: 0,
                     state: {running: {}}}]}}
                """);
    return byCsi(scene, "unix:///spiffe-workload-api/spire-agent.sock", "/spiffe-workload-api");
  }

  /** The same on two nodes, with a workload on each. */
  public static ClusterScene twoNodes() {
    return chart()
        .object(
            Kind.NODE,
            "{metadata: {name: node-2, uid: node-uid-2}, status: {conditions: [{type: Ready, status: 'True'}]}}")
        .copy(Kind.POD, "spire-agent-x1y2z", "spire-agent-z")
        .set(Kind.POD, "spire-agent-z", "/spec/nodeName", "node-2")
        .set(Kind.POD, "spire-agent-z", "/metadata/uid", "agent-z")
        .copy(Kind.POD, "spire-spiffe-csi-driver-4k9dz", "csi-z")
        .set(Kind.POD, "csi-z", "/spec/nodeName", "node-2")
        .set(Kind.POD, "csi-z", "/metadata/uid", "csi-z")
        .copy(Kind.POD, "web", "web-z")
        .set(Kind.POD, "web-z", "/spec/nodeName", "node-2")
        .set(Kind.POD, "web-z", "/metadata/uid", "web-z")
        .set(
            Kind.POD,
            "web-z",
            "/metadata/ownerReferences",
            "[{kind: ReplicaSet, name: other, uid: other-rs}]")
        .set(
            Kind.POD,
            "web-z",
            "/spec/containers/0/env/0/value",
            "unix:///spiffe-workload-api/socket")
        .attested(
            ClusterScene.agent(ClusterScene.AGENT, "node-1", "node-uid-1"),
            ClusterScene.agent(
                "spiffe://example.org/spire/agent/k8s_psat/demo/node-uid-2",
                "node-2",
                "node-uid-2"));
  }

  /**
   * As Istio's sample has it: agent and CSI driver are one pod, and share an emptyDir.
   *
   * @param made when the agent's pod was
   */
  public static ClusterScene istio(String made) {
    ClusterScene scene =
        ClusterScene.healthy()
            .configEdit(
                "spire-agent",
                "agent.conf",
                "/run/spire/sockets/api.sock",
                "/run/secrets/workload-spiffe-uds/socket")
            .set(Kind.POD, AGENT, "/metadata/creationTimestamp", '"' + made + '"')
            .set(
                Kind.POD,
                AGENT,
                "/spec/containers/0/volumeMounts/1/mountPath",
                "/run/secrets/workload-spiffe-uds")
            .edit(
                Kind.POD,
                AGENT,
                o -> {
                  ObjectNode volume = (ObjectNode) o.at("/spec/volumes/1");
                  volume.remove("hostPath");
                  volume.putObject("emptyDir");
                })
            .edit(
                Kind.POD,
                AGENT,
                o ->
                    ((ArrayNode) o.at("/spec/containers"))
                        .addObject()
                        .put("name", "spiffe-csi-driver")
                        .put("image", "ghcr.io/spiffe/spiffe-csi-driver:0.2.0"))
            .set(
                Kind.POD,
                AGENT,
                "/spec/containers/1/args",
                "[-workload-api-socket-dir, /spire-agent-socket, -csi-socket-path, /spiffe-csi/csi.sock]")
            .set(
                Kind.POD,
                AGENT,
                "/spec/containers/1/volumeMounts",
                "[{name: sockets, mountPath: /spire-agent-socket}]")
            .set(Kind.POD, "web", "/metadata/creationTimestamp", "'2026-01-02T02:30:00Z'")
            .object(Kind.CSI_DRIVER, "{metadata: {name: csi.spiffe.io}}");
    return byCsi(
        scene,
        "unix:///run/secrets/workload-spiffe-uds/socket",
        "/run/secrets/workload-spiffe-uds");
  }

  private static ClusterScene byCsi(ClusterScene scene, String address, String mount) {
    return scene
        .set(Kind.POD, "web", "/spec/containers/0/env/0/value", address)
        .set(Kind.POD, "web", "/spec/containers/0/volumeMounts/0/mountPath", mount)
        .set(
            Kind.POD,
            "web",
            "/spec/volumes",
            "[{name: spire, csi: {driver: csi.spiffe.io, readOnly: true}}]")
        .set(
            Kind.POD,
            "web",
            "/metadata/ownerReferences",
            "[{kind: ReplicaSet, name: web-7d9f, uid: web-rs}]");
  }
}
