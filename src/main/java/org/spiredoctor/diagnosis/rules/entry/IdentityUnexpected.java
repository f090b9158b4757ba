package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import io.spiffe.spiffeid.SpiffeId;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.X509SvidFacts;

/** An identity is served, and it is not the one that was asked for. */
@AutoService(Rule.class)
public final class IdentityUnexpected implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    SpiffeId expected = evidence.query().spiffeId().orElse(null);
    List<String> ids = evidence.svids().stream().map(X509SvidFacts::id).toList();
    if (expected == null || ids.isEmpty()) {
      return new Outcome.NotApplicable("no identity was asked for, or none is served");
    }
    if (ids.contains(expected.toString())) {
      return new Outcome.Passed();
    }
    Finding.Builder finding = Finding.error(this, evidence);
    ids.forEach(id -> finding.seen("agent", id));
    return finding
        .remedy(
            new Remedy.Advice(
                "Compare the selectors of the entry for " + expected + " with this process"))
        .found("This process is served another identity than " + expected);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.TRUST_DOMAIN_FOREIGN);
  }
}
