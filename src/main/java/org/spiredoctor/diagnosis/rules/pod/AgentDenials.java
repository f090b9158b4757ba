package org.spiredoctor.diagnosis.rules.pod;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.diagnosis.AgentMessages;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Pod;

/**
 * Which pods the agents told last that there is no identity for them. Agents name the pod by the
 * selectors that they found, or name only its process; then the line in which they attested it
 * tells whose that is.
 */
final class AgentDenials {
  private final Map<String, Log.Line> byPod = new HashMap<>();

  /** Reads each agent's log once. */
  AgentDenials(ClusterCase cluster) {
    for (Component agents : cluster.evidence().agents()) {
      for (Pod agent : agents.pods()) {
        read(cluster.evidence().log(agent, agents.container()));
      }
    }
  }

  private void read(Log log) {
    Map<String, String> pods = new HashMap<>();
    for (Log.Line line : log.lines()) {
      String process = line.process().orElse("");
      switch (line.message()) {
        case AgentMessages.ATTESTED -> line.pod().ifPresent(pod -> pods.put(process, pod));
        case AgentMessages.DENIED ->
            Optional.ofNullable(pods.get(process))
                .or(line::pod)
                .ifPresent(pod -> byPod.put(pod, line));
        case AgentMessages.SERVED_X509, AgentMessages.SERVED_JWT ->
            Optional.ofNullable(pods.get(process)).ifPresent(byPod::remove);
        default -> {}
      }
    }
  }

  /** What an agent said of this pod, and took back with no success of the same process. */
  Optional<Log.Line> of(Pod pod) {
    return Optional.ofNullable(byPod.get(pod.meta().uid()));
  }
}
