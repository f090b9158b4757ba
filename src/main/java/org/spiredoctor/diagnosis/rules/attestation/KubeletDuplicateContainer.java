package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.Ending;

/** The kubelet lists one container under two pods, and the agent gives up. */
@AutoService(Rule.class)
public final class KubeletDuplicateContainer implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    if (evidence.failureKind() != Ending.Kind.DUPLICATE_CONTAINER) {
      return new Outcome.NotApplicable("the agent did not say so");
    }
    return Finding.error(this, evidence)
        .seen("agent", evidence.failure().map(Ending::inWords).orElse(""))
        .remedy(
            new Remedy.Advice(
                "Ask again: the kubelet's list is wrong for a moment only; if it stays, restart"
                    + " the kubelet of this node"))
        .found("The kubelet lists this container under two pods, so the agent cannot attest it");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.ATTESTOR_FAILS, Effect.WORKLOAD_API_FAILS);
  }
}
