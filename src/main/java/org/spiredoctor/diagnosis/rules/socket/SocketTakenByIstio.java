package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** Istio's agent finds no socket of SPIRE where it looks, and tries to make its own there. */
@AutoService(Rule.class)
public final class SocketTakenByIstio implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examine(
        cluster,
        pod -> complaint(cluster, pod).isPresent(),
        group ->
            complaint(cluster, group.first())
                .map(
                    line ->
                        group
                            .error(this)
                            .said(group.first(), line)
                            .remedy(
                                new Remedy.Patch(
                                    "Let Istio's own template for SPIRE mount the socket",
                                    """
                                    metadata:
                                      annotations:
                                        inject.istio.io/templates: "sidecar,spire"
                                    """))
                            .remedy(
                                new Remedy.Advice(
                                    "Istio looks for a file of the name socket: let the agent's"
                                        + " socket_path end so, or set WORKLOAD_IDENTITY_SOCKET_FILE"
                                        + " in the proxy to the name that it has"))
                            .found(
                                "Istio's proxy tries to make its own socket where SPIRE's is"
                                    + " mounted, and fails")));
  }

  private static Optional<Log.Line> complaint(ClusterCase cluster, Pod pod) {
    return pod.containers().stream()
        .map(Container::name)
        .flatMap(name -> cluster.evidence().log(pod, name).lines().stream())
        .filter(line -> line.says("failed to remove unix:") && line.says("workload-spiffe-uds"))
        .reduce((first, last) -> last);
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.SOCKET_NOT_REACHED);
  }
}
