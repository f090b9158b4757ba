package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.PodEnvironment.Sandbox;
import org.spiredoctor.spire.Ending;

/** gVisor shows the agent another process than the one that calls. */
@AutoService(Rule.class)
public final class CallerHiddenBySandbox implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    boolean gvisor = evidence.environment().sandbox().filter(Sandbox.GVISOR::equals).isPresent();
    Ending.Kind kind = evidence.failureKind();
    if (kind != Ending.Kind.CALLER_CHANGED && !(gvisor && kind == Ending.Kind.HUNG_UP)) {
      return new Outcome.NotApplicable("no sandbox hides the caller");
    }
    return Finding.error(this, evidence)
        .confidence(gvisor ? Confidence.CERTAIN : Confidence.LIKELY)
        .seen("agent", evidence.failure().map(Ending::inWords).orElse(""))
        .seen("this pod", gvisor ? "runs in gVisor" : "shows no mark of gVisor")
        .remedy(new Remedy.Advice("Run this pod without the sandboxed runtimeClassName"))
        .found("The sandbox hides the calling process from the agent, which then refuses it");
  }
}
