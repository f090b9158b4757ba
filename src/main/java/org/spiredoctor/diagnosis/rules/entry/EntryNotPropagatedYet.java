package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.time.Duration;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.Evidence;

/** Denied at first, served some seconds later: the entry was on its way. */
@AutoService(Rule.class)
public final class EntryNotPropagatedYet implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    Duration denied = Denied.before(evidence);
    if (denied.isZero() || denied.compareTo(Denied.SYNC_TAKES_AT_MOST) > 0) {
      return new Outcome.NotApplicable("not denied first and served then");
    }
    return Finding.warning(this, Subject.here(evidence))
        .seen("agent", "no identity for " + denied.toSeconds() + " s, then one")
        .remedy(
            new Remedy.Advice(
                "Nothing is broken; where it matters, wait for the identity (wait --for identity)"
                    + " before the application starts"))
        .found("The identity came only after a while: the entry had not reached the agent yet");
  }
}
