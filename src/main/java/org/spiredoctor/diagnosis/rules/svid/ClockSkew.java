package org.spiredoctor.diagnosis.rules.svid;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.rules.agent.AgentPods;
import org.spiredoctor.evidence.Evidence;

/** The SVID is not valid yet: this node's clock is behind the server's. */
@AutoService(Rule.class)
public final class ClockSkew implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    return OutOfTime.judge(
        this,
        evidence,
        validity ->
            Optional.of(validity.notBefore())
                .filter(begin -> begin.isAfter(evidence.at()))
                .map(begin -> "valid from " + begin),
        finding ->
            finding
                .remedy(
                    new Remedy.Advice("Set the clocks of this node and of the SPIRE server by NTP"))
                .found("The SVID is not valid yet by this machine's clock: the clocks disagree"));
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
