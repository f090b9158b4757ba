package org.spiredoctor.diagnosis.rules.svid;

import com.google.auto.service.AutoService;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.Ending;

/** The answer is larger than gRPC clients accept. */
@AutoService(Rule.class)
public final class BundleTooLarge implements Rule {

  /** What grpc-go and grpc-java receive unless told otherwise. */
  private static final int USUAL_LIMIT_BYTES = 4 * 1024 * 1024;

  @Override
  public Outcome examine(Evidence evidence) {
    boolean beyond = evidence.failureKind() == Ending.Kind.TOO_LARGE;
    int bytes = evidence.answerBytes();
    if (!beyond && bytes <= USUAL_LIMIT_BYTES) {
      return bytes == 0 ? new Outcome.NotApplicable("there was no answer") : new Outcome.Passed();
    }
    return Finding.error(this, evidence)
        .seen(
            "agent",
            beyond
                ? evidence.failure().map(Ending::inWords).orElse("")
                : "answered with " + bytes / 1024 + " KiB")
        .remedy(
            new Remedy.Advice(
                "Remove authorities that are no longer used and federations that this workload"
                    + " does not need, or raise the limit in the client"))
        .found("The agent's answer is over the 4 MiB that gRPC clients accept by default");
  }
}
