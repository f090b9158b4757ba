package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** An ephemeral container, as of {@code kubectl debug}, asks: the agent does not look at those. */
@AutoService(Rule.class)
public final class AttestationEphemeralContainer implements Rule {
  private static final String SAYS = "Container id not found";

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(
        cluster.evidence().pods(),
        _ ->
            cluster.examined().stream()
                .flatMap(
                    pod ->
                        pod.containers(Container.Role.EPHEMERAL)
                            .flatMap(container -> finding(cluster, pod, container).stream()))
                .toList());
  }

  private Optional<Outcome> finding(ClusterCase cluster, Pod pod, Container container) {
    return container
        .status()
        .map(Container.Status::containerId)
        .filter(id -> !id.isEmpty())
        .map(id -> id.substring(id.lastIndexOf('/') + 1))
        .flatMap(id -> complaint(cluster, id))
        .map(line -> tell(cluster, pod, container, line));
  }

  /** The agents name who they do not find. */
  private static Optional<Log.Line> complaint(ClusterCase cluster, String id) {
    return cluster.evidence().agents().stream()
        .flatMap(agents -> lines(cluster, agents))
        .filter(line -> line.says(SAYS) && line.says(id))
        .reduce((first, last) -> last);
  }

  private static Stream<Log.Line> lines(ClusterCase cluster, Component agents) {
    return agents.pods().stream()
        .flatMap(pod -> cluster.evidence().log(pod, agents.container()).lines().stream());
  }

  private Outcome tell(ClusterCase cluster, Pod pod, Container container, Log.Line line) {
    // The containers of the pod itself are not concerned.
    return Finding.warning(this, Subject.of(pod), cluster.scope(List.of(pod)))
        .seen("log of the agent", line.inShort())
        .seen("pod " + pod.inWords(), "that is its ephemeral container " + container.name())
        .remedy(
            new Remedy.Advice(
                "Ask from a container of the pod itself (kubectl exec), or from a copy of the pod"
                    + " (kubectl debug --copy-to), whose labels the entry must match"))
        .found(
            "The ephemeral container "
                + container.name()
                + " asks for an identity and gets none: the agent does not look at such"
                + " containers");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ATTESTOR_FAILS, Effect.CALLER_NEVER_LISTED, Effect.WORKLOAD_API_FAILS);
  }
}
