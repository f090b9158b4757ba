package org.spiredoctor.diagnosis.rules.svid;

import com.google.auto.service.AutoService;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.rules.agent.AgentPods;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.spire.X509SvidFacts;

/** The SVID is not valid yet: this node's clock is behind the server's. */
@AutoService(Rule.class)
public final class ClockSkew implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    List<X509SvidFacts> early =
        evidence.svids().stream()
            .filter(
                svid ->
                    svid.validity().filter(v -> v.notBefore().isAfter(evidence.at())).isPresent())
            .toList();
    if (early.isEmpty()) {
      return evidence.svids().isEmpty()
          ? new Outcome.NotApplicable("no SVID is served")
          : new Outcome.Passed();
    }
    Finding.Builder finding = Finding.error(this, evidence);
    early.forEach(
        svid ->
            finding.seen(
                svid.id(),
                "valid from " + svid.validity().map(v -> v.notBefore().toString()).orElse("")));
    return finding
        .seen("this machine's clock", evidence.at().truncatedTo(ChronoUnit.SECONDS).toString())
        .remedy(new Remedy.Advice("Set the clocks of this node and of the SPIRE server by NTP"))
        .found("The SVID is not valid yet by this machine's clock: the clocks disagree");
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentPods.byLog(
        this,
        cluster,
        line ->
            line.says("certificate has expired or is not yet valid") && line.says(" is before "),
        (_, agent, finding) ->
            finding
                .remedy(
                    new Remedy.Advice("Set the clocks of this node and of the SPIRE server by NTP"))
                .remedy(
                    new Remedy.Advice(
                        "When they agree, restart the agent, so that it attests at once"))
                .found(
                    "The clock of "
                        + agent.pod().node()
                        + " is behind the server's: the agent takes its certificate for one of the"
                        + " future"));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.SVID_NOT_RENEWED);
  }
}
