package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.util.List;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.X509SvidFacts;

/** Several identities are served, and a client takes the first. */
@AutoService(Rule.class)
public final class IdentityAmbiguous implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    List<String> ids = evidence.svids().stream().map(X509SvidFacts::id).distinct().toList();
    if (ids.isEmpty()) {
      return new Outcome.NotApplicable("no identity is served");
    }
    boolean firstIsRight =
        evidence.asked().spiffeId().filter(id -> id.toString().equals(ids.getFirst())).isPresent();
    boolean hinted =
        evidence.svids().stream()
                .map(X509SvidFacts::hint)
                .filter(h -> !h.isEmpty())
                .distinct()
                .count()
            == evidence.svids().size();
    if (ids.size() == 1 || firstIsRight || hinted) {
      return new Outcome.Passed();
    }
    Finding.Builder finding = Finding.warning(this, Subject.here(evidence));
    evidence
        .svids()
        .forEach(
            svid ->
                finding.seen(
                    "agent", svid.id() + (svid.hint().isEmpty() ? "" : " " + svid.hint())));
    return finding
        .remedy(
            new Remedy.Advice(
                "Make the entries' selectors exclusive, or give each entry a hint and let the"
                    + " client choose by it"))
        .found(
            ids.size()
                + " identities fit this process, in no fixed order; a client that does not choose takes"
                + " the first");
  }
}
