package org.spiredoctor.diagnosis.rules.agent;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Container.State;
import org.spiredoctor.kube.Pod;

/**
 * An agent's pod, and what is known of its agent.
 *
 * @param home the SPIRE that it is a part of
 * @param log since the agent was last well
 * @param listed as the server lists it; any of several may be the one
 * @param unwell whether it is not ready, or not attested
 */
public record AgentPod(
    InstallationCase home,
    Component component,
    Pod pod,
    Optional<Container> container,
    Log log,
    List<Agent> listed,
    boolean unwell) {
  /** What an agent fails at it tries again within minutes, and then says so again. */
  private static final Duration REPEATED_WITHIN = Duration.ofMinutes(15);

  /** All of a cluster that are on a node, those that serve the pods in question first. */
  public static List<AgentPod> all(ClusterCase cluster) {
    return cluster.evidence().agents().stream()
        .flatMap(
            component ->
                cluster.evidence().nearFirst(component).stream()
                    .filter(pod -> !pod.node().isEmpty())
                    .map(pod -> of(cluster, component, pod)))
        .toList();
  }

  private static AgentPod of(ClusterCase cluster, Component component, Pod pod) {
    ClusterEvidence evidence = cluster.evidence();
    InstallationCase home = cluster.home(component);
    Optional<Container> container = component.role().container(pod);
    List<Agent> listed = home.attestedOn(pod.node());
    boolean valid =
        listed.stream()
            .anyMatch(
                agent ->
                    !agent.banned()
                        && agent.expiresAt().filter(at -> at.isBefore(evidence.at())).isEmpty());
    return new AgentPod(
        home,
        component,
        pod,
        container,
        // What it complained of before it was well is over.
        container
            .map(c -> evidence.log(pod, c.name()))
            .orElse(new Log(List.of()))
            .after("Node attestation was successful")
            .afterStart()
            .lately(REPEATED_WITHIN),
        listed,
        !home.isUp(pod) || (home.installation().attested().seen().isPresent() && !valid));
  }

  /** Whether its program runs at this moment. */
  boolean running() {
    return container
        .flatMap(Container::status)
        .filter(status -> status.state().phase() == State.Phase.RUNNING)
        .isPresent();
  }

  /** Whether its program ended, and was or will be started again. */
  boolean restarting() {
    return container
        .flatMap(Container::status)
        .filter(
            status ->
                status.state().failed()
                    || status.state().reason().equals("CrashLoopBackOff")
                    || status.before().filter(State::failed).isPresent())
        .isPresent();
  }

  /** What would have to be seen of its log; empty when it was, or when there is none. */
  Optional<String> logMissing(ClusterEvidence evidence) {
    if (container.flatMap(Container::status).isEmpty() || !(running() || restarting())) {
      return Optional.empty();
    }
    LogOf current =
        LogOf.of(
            pod,
            container.map(Container::name).orElse(""),
            // Of one that waits, only the log of the life before can be had.
            container
                .flatMap(Container::status)
                .filter(status -> status.state().phase() == State.Phase.WAITING)
                .isPresent());
    return Optional.ofNullable(evidence.snapshot().logs().get(current)).flatMap(Observed::missing);
  }
}
