package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigComplaint;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** A server does not start, because it cannot load its configuration. */
@AutoService(Rule.class)
public final class ServerConfigInvalid implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(cluster.evidence().pods(), _ -> outcomes(cluster));
  }

  private List<Outcome> outcomes(ClusterCase cluster) {
    List<Outcome> found = new ArrayList<>();
    for (Component server : cluster.evidence().servers()) {
      server.pods().stream()
          .filter(pod -> !pod.ready())
          .flatMap(pod -> finding(cluster, server, pod).stream())
          .findFirst()
          .ifPresent(found::add);
    }
    return found;
  }

  private Finding.Builder begin(ClusterCase cluster, Component server, Pod pod) {
    return Finding.error(this, Subject.of(pod), cluster.scope(server));
  }

  private Optional<Outcome> finding(ClusterCase cluster, Component server, Pod pod) {
    return server
        .role()
        .container(pod)
        .map(Container::name)
        .flatMap(name -> ConfigComplaint.in(cluster.evidence().log(pod, name)))
        .map(
            complaint ->
                complaint
                    .tell(cluster.evidence(), server, pod, begin(cluster, server, pod))
                    .found("The SPIRE server " + pod.inWords() + " cannot load its configuration"));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.SERVER_DOWN, Effect.SERVER_OUT_OF_REACH, Effect.AGENT_ABSENT);
  }
}
