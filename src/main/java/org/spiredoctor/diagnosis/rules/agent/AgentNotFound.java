package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.identity.Agent;

/** There are no SPIRE agents, nor anything that would make them. */
@AutoService(Rule.class)
public final class AgentNotFound implements Rule {
  private static final Remedy SEARCH =
      new Remedy.Command(
          "See whether they are there under another name or in another namespace",
          Kubectl.line("get daemonsets,pods -A -o wide"));

  /** One of several SPIREs whose server has attested agents here, and none of them runs. */
  private Optional<Outcome> without(ClusterCase cluster, InstallationCase one) {
    List<Component> servers = one.installation().servers();
    List<Agent> attested =
        one.installation().attested().seen().orElse(List.of()).stream().filter(one::isOwn).toList();
    boolean allSeen = cluster.evidence().snapshot().podNamespaces().isEmpty();
    if (servers.isEmpty()
        || !one.installation().agents().isEmpty()
        || attested.isEmpty()
        || !allSeen) {
      return Optional.empty();
    }
    Finding.Builder finding =
        Finding.error(this, Subject.of(servers.getFirst()), cluster.scope(one));
    attested.stream().limit(3).forEach(agent -> finding.seen("agents of the server", agent.id()));
    return Optional.of(
        finding
            .remedy(SEARCH)
            .remedy(
                new Remedy.Advice(
                    "If there are none, install the agents of this SPIRE again: without one on its"
                        + " node no pod gets an identity from it"))
            .found(
                "The SPIRE server of "
                    + one.inWords()
                    + " lists agents on nodes of this cluster, but none of them runs"));
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(cluster.evidence().pods(), _ -> outcomes(cluster));
  }

  private List<Outcome> outcomes(ClusterCase cluster) {
    ClusterEvidence evidence = cluster.evidence();
    if (!evidence.agents().isEmpty()) {
      return cluster.installations().stream()
          .flatMap(one -> without(cluster, one).stream())
          .toList();
    }
    Optional<String> unlisted = evidence.unlisted();
    if (unlisted.isPresent()) {
      return List.of(new Outcome.Unknown("the SPIRE agents: " + unlisted.get()));
    }
    String where =
        evidence
            .spireNamespace()
            .map(ns -> "namespace " + ns)
            .orElse("any namespace of this cluster");
    return List.of(
        Finding.error(this, Subject.cluster(evidence), Scope.CLUSTER)
            .seen(
                "Kubernetes",
                evidence.pods().seen().map(List::size).orElse(0)
                    + " pods, none of them with an image or program spire-agent")
            .remedy(SEARCH)
            .remedy(
                new Remedy.Advice(
                    "If there are none, install the agents as a DaemonSet, for instance by the"
                        + " Helm charts of spiffe/helm-charts-hardened: without one on its node no"
                        + " pod gets an identity"))
            .found("No SPIRE agents were found in " + where));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_ABSENT, Effect.AGENT_NOT_ON_NODE);
  }
}
