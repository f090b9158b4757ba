package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.Ending;

/** Connections are accepted by the kernel, and the agent never takes them up. */
@AutoService(Rule.class)
public final class WorkloadApiUnresponsive implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    if (evidence.failureKind() != Ending.Kind.SILENT) {
      return new Outcome.NotApplicable("something answered");
    }
    return Finding.error(this, evidence)
        .seen(
            "connection",
            "accepted, then nothing for "
                + evidence.lastCall().map(call -> call.took().toSeconds()).orElse(0L)
                + " s")
        .remedy(
            new Remedy.Command(
                "Look at the agent of this node: it hangs, is stopped, or is starved of CPU",
                Kubectl.agentPods()))
        .found("What listens on the socket does not answer at all");
  }
}
