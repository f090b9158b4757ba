package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigComplaint;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;

/** An agent does not start, because it cannot load its configuration. */
@AutoService(Rule.class)
public final class AgentConfigInvalid implements Rule {
  private static final String ACCOUNT_FILES = "/var/run/secrets/kubernetes.io/serviceaccount/";

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentPods.bySymptom(
        this,
        cluster,
        agent -> ConfigComplaint.in(agent.log()).filter(_ -> agent.restarting()).map(_ -> id()),
        (_, first, finding) -> {
          token(cluster, first, finding);
          return ConfigComplaint.in(first.log())
              .orElseThrow()
              .tell(cluster.evidence(), first.component(), first.pod(), finding)
              .found("The SPIRE agent on " + first.pod().node() + " cannot load its configuration");
        });
  }

  /** That the agent lacks what a plugin reads, because its pods get no token. */
  private static void token(ClusterCase cluster, AgentPod agent, Finding.Builder finding) {
    boolean reads =
        ConfigComplaint.in(agent.log())
            .filter(complaint -> complaint.line().says(ACCOUNT_FILES))
            .isPresent();
    agent
        .component()
        .owner()
        .filter(_ -> reads)
        .filter(
            owner ->
                Placement.spec(cluster.evidence(), owner)
                    .path("automountServiceAccountToken")
                    .asText()
                    .equals("false"))
        .ifPresent(
            owner ->
                finding
                    .seen(
                        owner.kind() + " " + owner.meta().inWords(),
                        "automountServiceAccountToken false")
                    .remedy(
                        Grants.to(
                            agent.component(),
                            new Remedy.Command(
                                "Let the agents have the token of their service account",
                                Kubectl.merge(
                                    owner,
                                    "{\"spec\":{\"template\":{\"spec\":{\"automountServiceAccountToken\":true}}}}")))));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AGENT_REFUSED);
  }
}
