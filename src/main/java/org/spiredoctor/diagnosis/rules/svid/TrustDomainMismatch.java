package org.spiredoctor.diagnosis.rules.svid;

import com.google.auto.service.AutoService;
import io.spiffe.spiffeid.TrustDomain;
import java.util.List;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.X509SvidFacts;

/** The agent belongs to another trust domain than expected. */
@AutoService(Rule.class)
public final class TrustDomainMismatch implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    TrustDomain expected = evidence.asked().trustDomain().orElse(null);
    if (expected == null || evidence.svids().isEmpty()) {
      return new Outcome.NotApplicable("no trust domain was asked for, or no SVID is served");
    }
    List<String> foreign =
        evidence.svids().stream()
            .map(X509SvidFacts::id)
            .filter(id -> !(id + "/").startsWith(expected.toIdString() + "/"))
            .toList();
    if (foreign.size() < evidence.svids().size()) {
      return new Outcome.Passed();
    }
    Finding.Builder finding = Finding.error(this, Subject.here(evidence));
    foreign.forEach(id -> finding.seen("agent", id));
    return finding
        .remedy(
            new Remedy.Advice(
                "Correct the trust domain that the application expects, or mount the socket of an"
                    + " agent of "
                    + expected.getName()))
        .found("The agent's identities are not of the trust domain " + expected.getName());
  }
}
