package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
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
    return Finding.error(this, Subject.here(evidence))
        .seen("agent", evidence.failure().map(Ending::inWords).orElse(""))
        .remedy(
            new Remedy.Advice(
                "Find what reconnects in a loop on this node: a client should keep one stream"
                    + " open; or raise the agent's ratelimit"))
        .found("The agent limits how often its Workload API may be called, and that is reached");
  }
}
