package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.Ending;

/** Every workload attestor of the agent failed for this process. */
@AutoService(Rule.class)
public final class AttestationFailed implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    if (evidence.failureKind() != Ending.Kind.ATTESTATION_FAILED) {
      return new Outcome.NotApplicable("the agent did not say so");
    }
    return Finding.error(this, evidence)
        .seen("agent", evidence.failure().map(Ending::inWords).orElse(""))
        .remedy(
            new Remedy.Command(
                "Read why in the agent's log on this pod's node: most often the kubelet refuses"
                    + " it",
                Kubectl.agentLog(200)))
        .found("The agent could not attest this process: all its workload attestors failed");
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.CALLER_UNKNOWN);
  }
}
