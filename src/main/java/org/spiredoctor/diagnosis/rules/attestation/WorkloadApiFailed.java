package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Attempt;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.pod.FileKind;
import org.spiredoctor.spire.Answer;
import org.spiredoctor.spire.Ending;
import org.spiredoctor.spire.Endpoint;
import org.spiredoctor.spire.Request;

/** Any status that no other rule knows; so nothing that failed is ever passed over. */
@AutoService(Rule.class)
public final class WorkloadApiFailed implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    Attempt call = evidence.lastCall().orElse(null);
    if (call == null) {
      boolean asked = evidence.kind() == FileKind.SOCKET || isTcp(evidence);
      return asked
          ? new Outcome.Unknown("an answer of the Workload API")
          : new Outcome.NotApplicable("there was nobody to ask");
    }
    Attempt failed = isUnexplained(call, evidence) ? call : unexplainedToken(evidence);
    if (failed == null) {
      return new Outcome.NotApplicable("no unexplained status");
    }
    return Finding.error(this, evidence)
        .seen(
            failed.request().method() + " after " + failed.took().toMillis() + " ms",
            failed.ending().map(Ending::inWords).orElse("an answer without any SVID"))
        .remedy(
            new Remedy.Command(
                "Read the agent's log on this pod's node at this moment", Kubectl.agentLog(200)))
        .found("The call to the agent failed in a way that has no name here");
  }

  /** Every kind of ending that no other rule takes up, so that none is passed over. */
  private static boolean isUnexplained(Attempt call, Evidence evidence) {
    if (call.answer().isPresent()) {
      return call.answer().get() instanceof Answer.X509Svids svids && svids.svids().isEmpty();
    }
    return switch (evidence.failureKind()) {
      case null -> true;
      case OTHER, BROKEN_OFF -> true;
      case ABSENT, UNREACHABLE -> !isTcp(evidence);
      case HUNG_UP -> isTcp(evidence);
      case REFUSED,
          DENIED,
          SILENT,
          NOT_GRPC,
          UNIMPLEMENTED,
          NO_IDENTITY,
          ATTESTATION_FAILED,
          PENDING,
          RATE_LIMITED,
          HEADER_MISSING,
          CALLER_CHANGED,
          DUPLICATE_CONTAINER,
          TOO_LARGE ->
          false;
    };
  }

  /**
   * A JWT-SVID, or the keys to verify it, asked for and refused for a reason that no other rule
   * takes up.
   */
  private static @Nullable Attempt unexplainedToken(Evidence evidence) {
    return evidence.attempts().stream()
        .filter(
            a ->
                a.answer().isEmpty()
                    && (a.request() instanceof Request.JwtSvid
                        || a.request() instanceof Request.JwtBundles))
        .filter(a -> a.ending().filter(e -> !e.says("audience")).isPresent())
        .findFirst()
        .orElse(null);
  }

  private static boolean isTcp(Evidence evidence) {
    return evidence.query().address().endpoint().orElse(null) instanceof Endpoint.Tcp;
  }
}
