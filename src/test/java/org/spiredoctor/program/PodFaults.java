package org.spiredoctor.program;

import static org.spiredoctor.program.ClusterFault.POD;
import static org.spiredoctor.program.ClusterFault.fault;
import static org.spiredoctor.program.FaultScripts.ASK;
import static org.spiredoctor.program.FaultScripts.INIT;
import static org.spiredoctor.program.FaultScripts.RESTART_AGENT;
import static org.spiredoctor.program.FaultScripts.configMap;

import java.util.List;
import org.spiredoctor.program.ClusterFault.Repair;

/** Pods that do not reach the socket, or do not start. */
final class PodFaults {
  private PodFaults() {}

  /** What keeps a pod from the socket. */
  static List<ClusterFault> socket() {
    return List.of(
        fault("another trust domain than asked", "trust-domain-mismatch")
            .arguments("--trust-domain other.org")
            .repair(Repair.WORDS),
        fault("no socket volume", "pod-socket-not-mounted")
            .replace("    - {name: spire, mountPath: /spire-socket, readOnly: true}\n", "")
            .replace(
                "  - {name: spire, hostPath: {path: /tmp/spire-agent/public, type: Directory}}\n",
                "")
            .repair(Repair.PATCH),
        fault("hostPath to another directory", "pod-socket-path-mismatch")
            .replace(
                "{path: /tmp/spire-agent/public, type: Directory}",
                "{path: /tmp/spire-agent/publik, type: DirectoryOrCreate}")
            .repair(Repair.PATCH),
        fault("mountPath and variable disagree", "pod-socket-path-mismatch")
            .replace("unix:///spire-socket/api.sock", "unix:///run/spire/api.sock")
            .repair(Repair.PATCH),
        fault("address without its scheme", "socket-address-invalid")
            .replace("unix:///spire-socket/api.sock", "/spire-socket/api.sock")
            .repair(Repair.PATCH),
        fault("no address at all", "socket-not-configured")
            .replace(
                "    env: [{name: SPIFFE_ENDPOINT_SOCKET, value: \"unix:///spire-socket/api.sock\"}]\n",
                "")
            .replace("[sleep, \"36000\"]", "[/tools/svid-test, -test.v]")
            .repair(Repair.WORDS),
        fault("script that waits for a socket of another name", "pod-socket-path-mismatch")
            .replace(
                "  containers:\n",
                INIT.replace(
                        "\"true\"",
                        "sh, -c, \"until [ -S /spire-socket/agent.sock ]; do sleep 1; done\"")
                    + "  containers:\n")
            .repair(Repair.WORDS),
        fault("hostPath of the wrong type", "volume-type-mismatch")
            .replace(
                "{path: /tmp/spire-agent/public, type: Directory}",
                "{path: /tmp/spire-agent/public, type: Socket}")
            .repair(Repair.PATCH),
        fault("config map of the pod missing", "pod-not-started")
            .replace("    env: [", "    envFrom: [{configMapRef: {name: settings}}]\n    env: [")
            .repair(Repair.WORDS),
        fault("agents may not read the labels of namespaces", "attestor-k8s-failed")
            .inject(
                configMap(
                        "agent",
                        "s/skip_kubelet_verification = true/&\\n          enable_namespace_labels = true/")
                    + RESTART_AGENT)
            .afterwards(ASK)
            .redeploying(),
        fault("socket file mounted, agent restarted since", "socket-file-mounted")
            .replace("mountPath: /spire-socket,", "mountPath: /spire-socket/api.sock,")
            .replace(
                "{path: /tmp/spire-agent/public, type: Directory}",
                "{path: /tmp/spire-agent/public/api.sock, type: Socket}")
            .afterwards(RESTART_AGENT + "agent_rollout")
            .repair(Repair.PATCH),
        fault("entry that the controller-manager deletes", "entry-owned-by-controller")
            .inject(
                "spire-deploy --alias --controller-manager" + (RealCluster.csi() ? " --csi" : ""))
            .redeploying());
  }

  /** What keeps a pod from starting. */
  static List<ClusterFault> start() {
    return List.of(
        fault("hostPath forbidden by PodSecurity", "volume-forbidden-by-policy")
            .inject(
                """
                kubectl label namespace apps pod-security.kubernetes.io/enforce=baseline
                kubectl -n apps create deployment web --image=busybox:lab --replicas=0
                kubectl -n apps patch deployment web -p '{"spec":{"replicas":1,"template":{"spec":{"volumes":[{"name":"spire","hostPath":{"path":"/tmp/spire-agent/public"}}]}}}}'
                """)
            .replace(POD, "")
            .arguments("-n apps -l app=web")
            .repair(Repair.WORDS),
        fault("image that cannot be pulled", "pod-image-not-pulled")
            .replace("image: busybox:lab", "image: busibox:lab")
            .repair(Repair.WORDS),
        fault("init container that fails", "pod-init-failed")
            .replace("  containers:\n", INIT.replace("\"true\"", "\"false\"") + "  containers:\n")
            .repair(Repair.WORDS));
  }
}
