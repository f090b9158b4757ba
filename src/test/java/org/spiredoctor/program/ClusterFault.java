package org.spiredoctor.program;

import static org.spiredoctor.program.FaultScripts.daemonSet;

import java.util.List;
import java.util.stream.Stream;

/**
 * Something that is broken in a real cluster, and how it is called.
 *
 * @param name for the table
 * @param finding that must come first
 * @param pod the manifest of {@code apps/web}; the good one unless the fault is in it
 * @param inject a script that breaks something, before the pod is made
 * @param afterwards a script that breaks something, once the pod is there
 * @param arguments of {@code check}
 * @param repair what kind of remedy comes first
 * @param spire whether SPIRE has to be deployed anew afterwards
 */
record ClusterFault(
    String name,
    String finding,
    String pod,
    String inject,
    String afterwards,
    String arguments,
    Repair repair,
    boolean spire) {

  /** How the pod gets its SVID again. */
  enum Repair {
    /** The first remedy's command is pasted. */
    COMMAND,
    /** The first remedy's patch is put into the pod's manifest. */
    PATCH,
    /** Nothing has to be done. */
    ITSELF,
    /** What to do is said in words, and only a person can do it. */
    WORDS
  }

  static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: apps, labels: {app: web}}
      spec:
        terminationGracePeriodSeconds: 0
        containers:
        - name: app
          image: busybox:lab
          imagePullPolicy: Never
          command: [sleep, "36000"]
          env: [{name: SPIFFE_ENDPOINT_SOCKET, value: "unix:///spire-socket/api.sock"}]
          volumeMounts:
          - {name: tools, mountPath: /tools}
          - {name: spire, mountPath: /spire-socket, readOnly: true}
        volumes:
        - {name: tools, hostPath: {path: "@TOOLS@"}}
        - {name: spire, hostPath: {path: /tmp/spire-agent/public, type: Directory}}
      """;

  static ClusterFault fault(String name, String finding) {
    return new ClusterFault(name, finding, POD, "", "", "", Repair.COMMAND, false);
  }

  static final String HOST_PATH =
      "{name: spire, hostPath: {path: /tmp/spire-agent/public, type: Directory}}";
  private static final String CSI = "{name: spire, csi: {driver: csi.spiffe.io, readOnly: true}}";

  /** The manifest, for a cluster. */
  String pod(RealCluster cluster) {
    return cluster.adapted(pod.replace(HOST_PATH, RealCluster.csi() ? CSI : HOST_PATH));
  }

  /** Every fault of the suite. */
  static List<ClusterFault> all() {
    return Stream.of(
            EntryFaults.all(),
            AgentFaults.all(),
            PodFaults.socket(),
            SpireFaults.all(),
            PodFaults.start())
        .flatMap(List::stream)
        .toList();
  }

  /** What they are called, whichever cluster they need. */
  static List<String> names() {
    return Stream.concat(all().stream(), Stream.of(ON_SECOND_NODE, WITHOUT_DRIVER))
        .map(ClusterFault::name)
        .toList();
  }

  /** The faults that can be provoked in the cluster that there is. */
  static Stream<ClusterFault> possible() {
    if (RealCluster.twoNodes()) {
      return Stream.of(ON_SECOND_NODE);
    }
    if (RealCluster.version().matches("1\\.(9|13)\\..*")) {
      // They have no such setting.
      return all().stream().filter(f -> !f.inject.contains("enable_namespace_labels"));
    }
    // With the CSI driver those that are about a hostPath cannot be.
    return RealCluster.csi()
        ? Stream.concat(
            all().stream().filter(f -> f.pod.isEmpty() || f.pod.contains(HOST_PATH)),
            Stream.of(WITHOUT_DRIVER))
        : all().stream();
  }

  private static final ClusterFault ON_SECOND_NODE =
      fault("two nodes, no agent on the pod's", "agent-not-on-node")
          .replace("spec:\n", "spec:\n  nodeName: demo-node-2\n")
          .inject(
              daemonSet(
                      """
                      [{"op": "add", "path": "/spec/template/spec/nodeSelector", "value": {"kubernetes.io/hostname": "demo-node"}}]""")
                  + "until [ \"$(kubectl -n spire-system get pods -l app=spire-agent -o name | wc -l)\" = 1 ]; do sleep 0.5; done\n")
          .redeploying();

  private static final ClusterFault WITHOUT_DRIVER =
      fault("CSI driver not there", "csi-driver-not-registered")
          .inject(
              daemonSet(
                      """
                      [{"op": "remove", "path": "/spec/template/spec/containers/2"}, {"op": "remove", "path": "/spec/template/spec/containers/1"}]""")
                  + "agent_rollout")
          .repair(Repair.WORDS)
          .redeploying();

  /** A pod that nothing is wrong with. */
  static String goodPod(RealCluster cluster) {
    return fault("none", "none").pod(cluster);
  }

  ClusterFault inject(String script) {
    return new ClusterFault(name, finding, pod, script, afterwards, arguments, repair, spire);
  }

  ClusterFault afterwards(String script) {
    return new ClusterFault(name, finding, pod, inject, script, arguments, repair, spire);
  }

  ClusterFault replace(String part, String by) {
    if (!pod.contains(part)) {
      throw new IllegalArgumentException(part);
    }
    return new ClusterFault(
        name, finding, pod.replace(part, by), inject, afterwards, arguments, repair, spire);
  }

  ClusterFault arguments(String words) {
    return new ClusterFault(name, finding, pod, inject, afterwards, words, repair, spire);
  }

  ClusterFault repair(Repair how) {
    return new ClusterFault(name, finding, pod, inject, afterwards, arguments, how, spire);
  }

  ClusterFault redeploying() {
    return new ClusterFault(name, finding, pod, inject, afterwards, arguments, repair, true);
  }

  @Override
  public String toString() {
    return name;
  }
}
