package org.spiredoctor.diagnosis.rules.agent;

import com.google.auto.service.AutoService;
import java.util.List;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigComplaint;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;

/** An agent does not start, because it cannot load its configuration. */
@AutoService(Rule.class)
public final class AgentConfigInvalid implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return AgentPods.bySymptom(
        this,
        cluster,
        agent -> ConfigComplaint.in(agent.log()).filter(_ -> agent.restarting()).map(_ -> id()),
        (_, first, finding) ->
            ConfigComplaint.in(first.log())
                .orElseThrow()
                .tell(cluster.evidence(), first.component(), first.pod(), finding)
                .found(
                    "The SPIRE agent on " + first.pod().node() + " cannot load its configuration"));
  }
}
