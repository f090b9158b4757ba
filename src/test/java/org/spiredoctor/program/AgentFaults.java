package org.spiredoctor.program;

import static org.spiredoctor.program.ClusterFault.fault;
import static org.spiredoctor.program.FaultScripts.RESTART_AGENT;
import static org.spiredoctor.program.FaultScripts.configMap;
import static org.spiredoctor.program.FaultScripts.daemonSet;

import java.util.List;
import org.spiredoctor.program.ClusterFault.Repair;

/** Agents that are gone, or that the server refuses. */
final class AgentFaults {
  private AgentFaults() {}

  static List<ClusterFault> all() {
    return List.of(
        fault("agent kept off the node by a nodeSelector", "agent-not-on-node")
            .inject(
                daemonSet(
                        """
                        [{"op": "add", "path": "/spec/template/spec/nodeSelector", "value": {"role": "edge"}}]""")
                    + "until [ -z \"$(kubectl -n spire-system get pods -l app=spire-agent -o name)\" ]; do sleep 0.5; done")
            .redeploying(),
        fault("agent's configuration broken", "agent-config-invalid")
            .inject(configMap("agent", "s/trust_domain = .*/trust_domain = /") + RESTART_AGENT)
            .repair(Repair.WORDS)
            .redeploying(),
        fault("agent evicted", "agent-not-attested")
            // It attests again within seconds: it is evicted until it was seen.
            .afterwards(
                "(for i in 1 2 3 4 5 6; do server agent evict -spiffeID \"$(server agent list | sed -n 's/^SPIFFE ID *: //p')\" || true; done) >/dev/null 2>&1 &")
            .repair(Repair.ITSELF)
            .redeploying(),
        fault("agent banned", "agent-banned")
            .afterwards(
                "server agent ban -spiffeID \"$(server agent list | sed -n 's/^SPIFFE ID *: //p')\"")
            .redeploying(),
        fault("audience of the agent's token wrong", "agent-psat-rejected")
            .inject(
                "server agent evict -spiffeID \"$(server agent list | sed -n 's/^SPIFFE ID *: //p')\"\n"
                    // By its name: with the CSI driver there are more volumes.
                    + "kubectl -n spire-system patch daemonset/spire-agent -p"
                    + " '{\"spec\":{\"template\":{\"spec\":{\"volumes\":[{\"name\":\"spire-token\","
                    + "\"projected\":{\"sources\":[{\"serviceAccountToken\":{\"path\":\"spire-agent\","
                    + "\"expirationSeconds\":7200,\"audience\":\"other\"}}]}}]}}}}'")
            .redeploying(),
        fault("agent's service account not allowed", "agent-psat-rejected")
            .inject(
                configMap("server", "s/spire-system:spire-agent/spire-system:agents/")
                    + "kubectl -n spire-system rollout restart statefulset/spire-server\n"
                    + "kubectl -n spire-system rollout status statefulset/spire-server --timeout=60s\n"
                    + "server agent evict -spiffeID \"$(server agent list | sed -n 's/^SPIFFE ID *: //p')\" || true\n"
                    + RESTART_AGENT)
            .repair(Repair.WORDS)
            .redeploying(),
        fault("server scaled to nothing", "server-not-found")
            .inject(
                "kubectl -n spire-system scale statefulset/spire-server --replicas=0\n"
                    + "kubectl -n spire-system wait --for=delete pod/spire-server-0 --timeout=60s || true")
            .redeploying());
  }
}
