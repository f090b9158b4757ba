package org.spiredoctor.diagnosis.rules.svid;

import com.google.auto.service.AutoService;
import java.util.List;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Attempt;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.Answer;
import org.spiredoctor.spire.JwtSvidFacts;
import org.spiredoctor.spire.Request;

/** The JWT-SVID is not for the audience that was asked for. */
@AutoService(Rule.class)
public final class JwtAudienceMissing implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    String audience = evidence.query().audience().orElse(null);
    Attempt call =
        evidence.attempts().stream()
            .filter(attempt -> attempt.request() instanceof Request.JwtSvid)
            .findFirst()
            .orElse(null);
    if (audience == null || call == null) {
      return new Outcome.NotApplicable("no JWT-SVID was asked for");
    }
    Finding.Builder finding =
        Finding.error(this, evidence)
            .remedy(
                new Remedy.Advice(
                    "Ask for the audience that the receiving service checks, letter by letter"));
    if (call.ending().filter(e -> e.says("audience")).isPresent()) {
      return finding
          .seen("agent", call.ending().get().inWords())
          .found("The agent does not issue a JWT-SVID for this audience");
    }
    if (!(call.answer().orElse(null) instanceof Answer.JwtSvids(List<JwtSvidFacts> svids))) {
      return new Outcome.NotApplicable("the agent did not answer");
    }
    for (JwtSvidFacts svid : svids) {
      if (!svid.audience().contains(audience)) {
        return finding
            .seen(svid.id(), "is for " + svid.audience())
            .found("The JWT-SVID would not be accepted for the audience " + audience);
      }
    }
    return new Outcome.Passed();
  }
}
