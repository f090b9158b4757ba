package org.spiredoctor.diagnosis.rules.svid;

import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.X509SvidFacts;
import org.spiredoctor.spire.X509SvidFacts.Validity;

/** X.509-SVIDs that are served and not valid now. */
final class OutOfTime {
  private OutOfTime() {}

  /**
   * Judges the times of those that are served.
   *
   * @param wrong which of its times is wrong, in words; absent where it is valid
   * @param finish says what to do
   */
  static Outcome judge(
      Rule rule,
      Evidence evidence,
      Function<Validity, Optional<String>> wrong,
      Function<Finding.Builder, Outcome> finish) {
    if (evidence.svids().isEmpty()) {
      return new Outcome.NotApplicable("no SVID is served");
    }
    Finding.Builder finding = Finding.error(rule, evidence);
    boolean valid = true;
    for (X509SvidFacts svid : evidence.svids()) {
      Optional<String> time = svid.validity().flatMap(wrong);
      time.ifPresent(words -> finding.seen(svid.id(), words));
      valid &= time.isEmpty();
    }
    return valid
        ? new Outcome.Passed()
        : finish.apply(
            finding.seen(
                "this machine's clock", evidence.at().truncatedTo(ChronoUnit.SECONDS).toString()));
  }
}
