package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.time.Duration;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.Evidence;

/** Denied for long and served then: the agent had stopped asking the server as often. */
@AutoService(Rule.class)
public final class AgentSyncBackoff implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    Duration denied = Denied.before(evidence);
    if (denied.compareTo(Denied.SYNC_TAKES_AT_MOST) <= 0) {
      return new Outcome.NotApplicable("not denied for long and served then");
    }
    return Finding.warning(this, Subject.here(evidence))
        .confidence(Confidence.POSSIBLE)
        .seen("agent", "no identity for " + denied.toSeconds() + " s, then one")
        .remedy(
            new Remedy.Command(
                "See whether the agent lost the server for a time: after errors it asks only every"
                    + " few minutes",
                "kubectl logs -n spire-system -l app=spire-agent --tail=500 --prefix"))
        .found("The identity came very late: the agent may have been backing off from the server");
  }
}
