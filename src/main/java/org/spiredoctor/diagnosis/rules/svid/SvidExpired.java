package org.spiredoctor.diagnosis.rules.svid;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.rules.agent.AgentPods;
import org.spiredoctor.evidence.Evidence;

/** What is served is out of date: the agent can no longer renew it. */
@AutoService(Rule.class)
public final class SvidExpired implements Rule {

  @Override
  public Outcome examine(Evidence evidence) {
    return OutOfTime.judge(
        this,
        evidence,
        validity ->
            Optional.of(validity.notAfter())
                .filter(end -> end.isBefore(evidence.at()))
                .map(end -> "valid until " + end),
        finding ->
            finding
                .remedy(
                    new Remedy.Command(
                        "See why the agent cannot renew it: most often it does not reach the server",
                        Kubectl.agentLog(200)))
                .remedy(new Remedy.Advice("If the times above look wrong, set this node's clock"))
                .found("The X.509-SVID that the agent serves has expired"));
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentPods.byLog(
        this,
        cluster,
        line ->
            line.says("certificate has expired or is not yet valid")
                && line.says(" is after ")
                && !line.says("10250"),
        (_, agent, finding) ->
            finding
                .confidence(Finding.Confidence.LIKELY)
                .remedy(
                    new Remedy.Advice(
                        "Compare the clocks of this node and of the server's, and set them by NTP"))
                .remedy(
                    new Remedy.Command(
                        "If they agree, see which authorities the server has, and until when",
                        agent.home().commands().command("localauthority", "x509", "show")))
                .found(
                    "The SPIRE agent on "
                        + agent.pod().node()
                        + " takes the server's certificate for expired: the server has not renewed"
                        + " it, or the node's clock is ahead"));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.SVID_NOT_RENEWED);
  }
}
