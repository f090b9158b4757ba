package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.Surroundings.Sandbox;
import org.spiredoctor.spire.Ending;

/** The agent hangs up on a caller whose process it cannot see. */
@AutoService(Rule.class)
public final class AgentWithoutHostPid implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    boolean gvisor = evidence.surroundings().sandbox().filter(Sandbox.GVISOR::equals).isPresent();
    if (evidence.failureKind() != Ending.Kind.HUNG_UP || gvisor || evidence.path().isEmpty()) {
      return new Outcome.NotApplicable("the connection was not closed at once");
    }
    return Finding.error(this, Subject.here(evidence))
        .confidence(Confidence.LIKELY)
        .seen("connection", evidence.failure().map(Ending::inWords).orElse(""))
        .remedy(
            new Remedy.Command(
                "See whether the agent shares the node's process ids (it must say true)",
                "kubectl get pods -A -l app=spire-agent -o custom-columns=POD:.metadata.name,"
                    + "HOSTPID:.spec.hostPID"))
        .remedy(
            new Remedy.Patch(
                "If it does not, let it", "spec:\n  template:\n    spec:\n      hostPID: true\n"))
        .found(
            "The agent accepts the connection and hangs up at once: it cannot see the process that"
                + " calls");
  }
}
