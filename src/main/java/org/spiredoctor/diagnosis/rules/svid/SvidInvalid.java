package org.spiredoctor.diagnosis.rules.svid;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.Answer;
import org.spiredoctor.spire.BundleFacts;
import org.spiredoctor.spire.JwtSvidFacts;
import org.spiredoctor.spire.X509SvidFacts;

/** What is served does not hold together: certificate, key, chain, or bundle. */
@AutoService(Rule.class)
public final class SvidInvalid implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    List<X509SvidFacts> bad =
        evidence.svids().stream()
            .filter(svid -> svid.malformed().isPresent() || svid.untrusted().isPresent())
            .toList();
    List<BundleFacts> broken =
        evidence.bundles().stream().filter(bundle -> bundle.malformed().isPresent()).toList();
    List<JwtSvidFacts> tokens = rejected(evidence);
    if (bad.isEmpty() && broken.isEmpty() && tokens.isEmpty()) {
      return evidence.svids().isEmpty() && evidence.bundles().isEmpty()
          ? new Outcome.NotApplicable("no SVID and no bundle is served")
          : new Outcome.Passed();
    }
    Finding.Builder finding = Finding.error(this, evidence);
    bad.forEach(
        svid -> {
          svid.malformed().ifPresent(why -> finding.seen(svid.id(), why));
          svid.untrusted().ifPresent(why -> finding.seen(svid.id(), why));
        });
    broken.forEach(
        bundle -> finding.seen("bundle of " + bundle.trustDomain(), bundle.malformed().orElse("")));
    tokens.forEach(t -> finding.seen("JWT-SVID of " + t.id(), t.rejected().orElse("")));
    return finding
        .remedy(
            new Remedy.Advice(
                "Restart the agent, so that it fetches SVIDs and bundles again; if it stays, compare"
                    + " the bundle with spire-server bundle show"))
        .found("What the agent serves does not verify: peers would refuse it");
  }

  /** Tokens that do not verify, although they are for the right audience. */
  private static List<JwtSvidFacts> rejected(Evidence evidence) {
    return evidence.attempts().stream()
        .flatMap(attempt -> attempt.answer().stream())
        .flatMap(
            answer -> answer instanceof Answer.JwtSvids(var svids) ? svids.stream() : Stream.of())
        .filter(svid -> svid.rejected().isPresent())
        .filter(svid -> evidence.query().audience().filter(svid.audience()::contains).isPresent())
        .toList();
  }
}
