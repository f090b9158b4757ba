package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.pod.PodEnvironment.Sandbox;
import org.spiredoctor.spire.Ending;

/** The agent hangs up on a caller whose process it cannot see. */
@AutoService(Rule.class)
public final class AgentWithoutHostPid implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    boolean gvisor = evidence.environment().sandbox().filter(Sandbox.GVISOR::equals).isPresent();
    if (evidence.failureKind() != Ending.Kind.HUNG_UP || gvisor || evidence.path().isEmpty()) {
      return new Outcome.NotApplicable("the connection was not closed at once");
    }
    return Finding.error(this, evidence)
        .confidence(Confidence.LIKELY)
        .seen("connection", evidence.failure().map(Ending::inWords).orElse(""))
        .remedy(
            new Remedy.Command(
                "See whether the agent shares the node's process ids (it must say true)",
                Kubectl.line(
                    "get pods -A -l app=spire-agent -o",
                    "custom-columns=POD:.metadata.name,HOSTPID:.spec.hostPID")))
        .remedy(
            new Remedy.Patch(
                "If it does not, let it", "spec:\n  template:\n    spec:\n      hostPID: true\n"))
        .found(
            "The agent accepts the connection and hangs up at once: it cannot see the process that"
                + " calls");
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(
        cluster.evidence().pods(),
        _ ->
            cluster.evidence().agents().stream()
                .filter(agents -> agents.specimen().filter(pod -> !pod.hostPid()).isPresent())
                .map(agents -> found(cluster, agents))
                .toList());
  }

  private Outcome found(ClusterCase cluster, Component agents) {
    Optional<Log.Line> line =
        agents.pods().stream()
            .flatMap(
                pod ->
                    cluster
                        .evidence()
                        .log(pod, agents.container())
                        .last("could not resolve caller information", "could not read caller stat")
                        .stream())
            .findFirst();
    Finding.Builder finding =
        Finding.error(this, Subject.of(agents), cluster.scope(agents))
            .confidence(line.isPresent() ? Confidence.CERTAIN : Confidence.LIKELY)
            .seen(agents.inWords(), "hostPID is not true");
    line.ifPresent(l -> finding.seen("log of the agent", l.inShort()));
    agents
        .owner()
        .ifPresent(
            owner ->
                finding.remedy(
                    Grants.to(
                        agents,
                        new Remedy.Command(
                            "Let the agents share the node's process ids",
                            Kubectl.changePods(owner, "\"hostPID\":true")))));
    if (agents.owner().isEmpty()) {
      finding.remedy(
          Grants.to(agents, new Remedy.Patch("Recreate the pod with", "spec:\n  hostPID: true\n")));
    }
    return finding.found(
        "The agents do not share the node's process ids, so they see no caller and hang up on all");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.POD_NOT_ATTESTED);
  }
}
