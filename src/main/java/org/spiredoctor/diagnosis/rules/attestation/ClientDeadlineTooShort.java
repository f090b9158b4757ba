package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.time.Duration;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Attempt;
import org.spiredoctor.evidence.Evidence;

/** The agent answers, but later than many clients wait. */
@AutoService(Rule.class)
public final class ClientDeadlineTooShort implements Rule {

  /** The deadline of the SPIRE command line, and of many a client. */
  private static final Duration USUAL_DEADLINE = Duration.ofSeconds(5);

  @Override
  public Outcome examine(Evidence evidence) {
    Duration after = evidence.lastCall().flatMap(Attempt::answeredAfter).orElse(null);
    if (after == null) {
      return new Outcome.NotApplicable("there was no answer");
    }
    if (after.compareTo(USUAL_DEADLINE) <= 0) {
      return new Outcome.Passed();
    }
    return Finding.warning(this, evidence)
        .seen("agent", "answered after " + after.toMillis() + " ms")
        .remedy(
            new Remedy.Advice(
                "Give the client a deadline of 30 s and more, or none: attestation may poll the"
                    + " kubelet for as long"))
        .found("The agent answers, but takes longer than the 5 s that many clients allow");
  }
}
