package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.AgentLogs.Concerning;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.Ending;

/** The agent turns callers away because they call too often. */
@AutoService(Rule.class)
public final class WorkloadApiRateLimited implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    if (evidence.failureKind() != Ending.Kind.RATE_LIMITED) {
      return new Outcome.NotApplicable("no limit was hit");
    }
    return Finding.error(this, evidence)
        .seen("agent", evidence.failure().map(Ending::inWords).orElse(""))
        .remedy(
            new Remedy.Advice(
                "Find what reconnects in a loop on this node: a client should keep one stream"
                    + " open; or raise the agent's ratelimit"))
        .found("The agent limits how often its Workload API may be called, and that is reached");
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentLogs.examine(
        this,
        cluster,
        AgentLogs.gravity(cluster),
        Concerning.ONE,
        line -> line.says("rate limit exceeded for /SpiffeWorkloadAPI"),
        (complaint, finding) ->
            finding
                .remedy(
                    new Remedy.Advice(
                        "Find what reconnects in a loop on this node: a client should keep one"
                            + " stream open; or raise the agent's ratelimit"))
                .found("The agent turns callers of its Workload API away: they call too often"));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.WORKLOAD_API_FAILS);
  }
}
