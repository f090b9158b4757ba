package org.spiredoctor.diagnosis.rules.socket;

import com.google.auto.service.AutoService;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.Ending;

/** Something between here and the agent strips the header that every call must carry. */
@AutoService(Rule.class)
public final class SecurityHeaderMissing implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    if (evidence.failureKind() != Ending.Kind.HEADER_MISSING) {
      return new Outcome.NotApplicable("the agent does not miss it");
    }
    return Finding.error(this, evidence)
        .seen("agent", evidence.failure().map(Ending::inWords).orElse(""))
        .seen("this call", "was sent with workload.spiffe.io: true")
        .remedy(
            new Remedy.Advice(
                "Take the proxy between this process and the agent's socket away, or let it pass"
                    + " the metadata workload.spiffe.io"))
        .found("The header workload.spiffe.io is lost on the way to the agent");
  }
}
