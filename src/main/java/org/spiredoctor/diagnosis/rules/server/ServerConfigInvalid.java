package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigComplaint;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;

/** A server does not start, because it cannot load its configuration. */
@AutoService(Rule.class)
public final class ServerConfigInvalid implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return ServerPod.unready(
        cluster, server -> ConfigComplaint.in(server.log()).map(one -> finding(server, one)));
  }

  private Outcome finding(ServerPod server, ConfigComplaint complaint) {
    return complaint
        .tell(
            server.cluster().evidence(),
            server.component(),
            server.pod(),
            server.begin(this, Severity.ERROR))
        .found("The SPIRE server " + server.pod().inWords() + " cannot load its configuration");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.SERVER_DOWN, Effect.SERVER_OUT_OF_REACH, Effect.AGENT_ABSENT);
  }
}
