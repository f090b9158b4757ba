package org.spiredoctor.diagnosis.rules.svid;

import com.google.auto.service.AutoService;
import io.spiffe.spiffeid.TrustDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.BundleFacts;

/** The bundle of a trust domain that is to be trusted too is not served. */
@AutoService(Rule.class)
public final class FederationBundleMissing implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    if (evidence.query().federatesWith().isEmpty() || evidence.bundles().isEmpty()) {
      return new Outcome.NotApplicable("no federation was asked for, or no bundle is served");
    }
    List<String> served = evidence.bundles().stream().map(BundleFacts::trustDomain).toList();
    List<String> missing =
        evidence.query().federatesWith().stream()
            .map(TrustDomain::getName)
            .filter(domain -> !served.contains(domain))
            .toList();
    if (missing.isEmpty()) {
      return new Outcome.Passed();
    }
    return Finding.error(this, evidence)
        .seen("agent", "serves the bundles of " + String.join(", ", served))
        .remedy(
            new Remedy.Advice(
                "Add federatesWith to this workload's entry, and see that the server has the"
                    + " bundle: spire-server bundle list"))
        .found("The agent serves no bundle of " + String.join(", ", missing));
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    List<Outcome> outcomes = new ArrayList<>(Federations.refused(this, cluster));
    List<String> wanted = cluster.evidence().query().federatesWith();
    Optional<String> missing = cluster.entryMatches().missing();
    if (missing.isPresent()) {
      return outcomes.isEmpty() ? List.of(new Outcome.Unknown(missing.get())) : outcomes;
    }
    if (!wanted.isEmpty()) {
      outcomes.addAll(Federations.unfederated(this, cluster, wanted));
    }
    outcomes.addAll(Federations.withoutBundle(this, cluster));
    return Outcome.orPassed(outcomes);
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.DECLARATION_NOT_APPLIED);
  }
}
