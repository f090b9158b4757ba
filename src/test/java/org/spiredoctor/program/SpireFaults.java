package org.spiredoctor.program;

import static org.spiredoctor.program.ClusterFault.fault;
import static org.spiredoctor.program.FaultScripts.ASK;
import static org.spiredoctor.program.FaultScripts.RESTART_AGENT;
import static org.spiredoctor.program.FaultScripts.configMap;
import static org.spiredoctor.program.FaultScripts.daemonSet;
import static org.spiredoctor.program.FaultScripts.service;
import static org.spiredoctor.program.FaultScripts.withoutBinding;

import java.util.List;
import org.spiredoctor.program.ClusterFault.Repair;

/** Settings and rights of SPIRE, and the Service of its server. */
final class SpireFaults {
  private SpireFaults() {}

  static List<ClusterFault> all() {
    return List.of(
        fault("kubelet refuses the agent", "kubelet-forbidden")
            .inject(
                withoutBinding("spire-agent-cluster-role-binding", "spire-agent-kubelet")
                    + RESTART_AGENT)
            .afterwards(ASK)
            .redeploying(),
        fault("agent without hostPID", "agent-without-host-pid")
            .inject(
                daemonSet(
                        """
                        [{"op": "remove", "path": "/spec/template/spec/hostPID"}]""")
                    + "agent_rollout")
            .redeploying(),
        fault("server's Service deleted", "server-service-broken")
            .inject("kubectl -n spire-system delete service spire-server\n" + RESTART_AGENT)
            .redeploying(),
        fault("server's Service selects nothing", "server-service-broken")
            .inject(
                service(
                        """
                        [{"op": "replace", "path": "/spec/selector", "value": {"app": "spire-srv"}}]""")
                    + RESTART_AGENT)
            .redeploying(),
        fault("server's Service leads to another port", "server-service-broken")
            .inject(
                service(
                        """
                        [{"op": "replace", "path": "/spec/ports/0/targetPort", "value": 9999}]""")
                    + RESTART_AGENT)
            .redeploying(),
        fault("server's address mistyped in the agents", "agent-server-unreachable")
            .inject(
                configMap("agent", "s/server_address = .*/server_address = \"spire-srver\"/")
                    + RESTART_AGENT)
            .redeploying(),
        fault("server's port wrong in the agents", "agent-server-unreachable")
            .inject(
                configMap("agent", "s/server_port = .*/server_port = \"9081\"/") + RESTART_AGENT)
            .redeploying(),
        fault("trust domain wrong in the agents", "trust-domain-mismatch")
            .inject(
                configMap("agent", "s/trust_domain = .*/trust_domain = \"other.org\"/")
                    + RESTART_AGENT)
            .redeploying(),
        fault("agents' socket in no volume", "agent-socket-not-shared")
            .inject(
                configMap("agent", "s#socket_path = .*#socket_path = \"/run/elsewhere/api.sock\"#")
                    + RESTART_AGENT
                    + "agent_rollout")
            .redeploying(),
        fault("k8s attestor not loaded", "attestor-k8s-missing")
            .inject(
                configMap("agent", "/WorkloadAttestor \"k8s\"/,/^      }/d")
                    + RESTART_AGENT
                    + "agent_rollout")
            .redeploying(),
        fault("agents' right to ask the kubelet lost, nothing asked yet", "kubelet-forbidden")
            .inject(withoutBinding("spire-agent-cluster-role-binding", "spire-agent-kubelet"))
            .redeploying(),
        fault("kubelet's port wrong in the agents", "kubelet-unreachable")
            .inject(
                configMap(
                        "agent",
                        "s/skip_kubelet_verification = true/&\\n          kubelet_secure_port = 10299/")
                    + RESTART_AGENT)
            .afterwards(ASK)
            .redeploying(),
        fault("agents' service account deleted", "agent-not-on-node")
            .inject("kubectl -n spire-system delete serviceaccount spire-agent\n" + RESTART_AGENT)
            .redeploying(),
        fault("agents' service account is the default", "agent-psat-rejected")
            .inject(
                "kubectl -n spire-system patch daemonset/spire-agent -p"
                    + " '{\"spec\":{\"template\":{\"spec\":{\"serviceAccountName\":\"default\","
                    + "\"serviceAccount\":\"default\"}}}}'")
            .redeploying(),
        fault("token volume gone from the agents", "agent-psat-rejected")
            .inject(
                "kubectl -n spire-system patch daemonset/spire-agent -p"
                    + " '{\"spec\":{\"template\":{\"spec\":{\"volumes\":[{\"name\":\"spire-token\","
                    + "\"$patch\":\"delete\"}],\"containers\":[{\"name\":\"spire-agent\","
                    + "\"volumeMounts\":[{\"mountPath\":\"/var/run/secrets/tokens\","
                    + "\"$patch\":\"delete\"}]}]}}}}'")
            .redeploying(),
        fault("cluster named otherwise in the agents", "agent-psat-rejected")
            .inject(configMap("agent", "s/cluster = .*/cluster = \"production\"/") + RESTART_AGENT)
            .redeploying(),
        fault("server may not review tokens", "agent-psat-rejected")
            .inject(
                withoutBinding(
                        "spire-server-cluster-role-binding",
                        "spire-server-token-review",
                        "spire-server-pods-nodes")
                    + "server agent evict -spiffeID \"$(server agent list | sed -n 's/^SPIFFE ID *: //p')\"\n"
                    + RESTART_AGENT)
            .redeploying(),
        fault("server may not publish its bundle", "server-bundle-not-published")
            .inject(
                "kubectl -n spire-system delete rolebinding spire-server-role-binding spire-server-bundle --ignore-not-found\n"
                    + "kubectl -n spire-system delete pod spire-server-0 --grace-period=1 --wait")
            .redeploying(),
        fault("bundle looked for under another name", "agent-trust-bundle-mismatch")
            .inject(configMap("agent", "s#bundle/bundle.crt#bundle/nope.crt#") + RESTART_AGENT)
            .redeploying(),
        fault("server's database where there is no directory", "server-datastore-failed")
            .inject(
                configMap("server", "s#/run/spire/data/datastore#/nowhere/datastore#")
                    + "kubectl -n spire-system delete pod spire-server-0 --grace-period=1 --wait")
            .repair(Repair.WORDS)
            .redeploying(),
        fault("server's image that cannot be pulled", "server-not-ready")
            .inject(
                "kubectl -n spire-system set image statefulset/spire-server spire-server=spire-server:9.9.9\n"
                    + "until kubectl -n spire-system get pod spire-server-0 -o yaml | grep -q 9.9.9; do sleep 0.5; done")
            .repair(Repair.WORDS)
            .redeploying(),
        fault("server's port taken by its own health check", "port-taken")
            .inject(
                configMap("server", "s/bind_port = \"8081\"/bind_port = \"8080\"/")
                    + "kubectl -n spire-system delete pod spire-server-0 --grace-period=1 --wait")
            .repair(Repair.WORDS)
            .redeploying());
  }
}
