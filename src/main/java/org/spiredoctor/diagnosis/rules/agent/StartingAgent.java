package org.spiredoctor.diagnosis.rules.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Container.State;

/**
 * An agent that was started just now, and complains of nothing, or of what passes by itself:
 * whether it is attested is not known yet.
 */
public final class StartingAgent {
  /** In which an agent attests that nothing hinders. */
  private static final Duration START = Duration.ofSeconds(30);

  /** In which the kubelet brings to agents what a config map has; see {@code syncFrequency}. */
  private static final Duration SYNC = Duration.ofMinutes(2);

  private StartingAgent() {}

  /** What is not known of an agent; absent for one that is well, had its time, or complains. */
  static Optional<String> unknown(ClusterCase cluster, AgentPod agent) {
    Instant now = cluster.evidence().at();
    Instant started = agent.unwell() ? started(agent).orElse(null) : null;
    if (started == null || agent.logMissing(cluster.evidence()).isPresent()) {
      return Optional.empty();
    }
    List<Log.Line> complaints =
        agent.log().lines().stream()
            // A part of it that is not ready while it starts says so.
            .filter(line -> line.complains() && !line.says("subsystem is not ready"))
            .toList();
    if (complaints.isEmpty()) {
      return started.plus(START).isAfter(now)
          ? Optional.of(
              "whether the agent "
                  + agent.pod().inWords()
                  + " is attested: it was started "
                  + seconds(started, now)
                  + " s ago")
          : Optional.empty();
    }
    return BundleSource.of(agent)
        .filter(_ -> started.plus(SYNC).isAfter(now))
        .filter(source -> source.isThere(cluster.evidence()))
        .filter(_ -> complaints.stream().allMatch(BundleSource::isUnread))
        .map(
            source ->
                "whether the agent "
                    + agent.pod().inWords()
                    + " can read the server's bundle: the config map "
                    + source.configMap()
                    + " has it now, and the kubelet brings it within two minutes");
  }

  private static long seconds(Instant started, Instant now) {
    return Math.max(0, Duration.between(started, now).toSeconds());
  }

  /** When it was; absent for one that does not run, or ran before. */
  private static Optional<Instant> started(AgentPod agent) {
    return agent
        .container()
        .flatMap(Container::status)
        .filter(status -> status.restarts() == 0 && status.before().isEmpty())
        .map(Container.Status::state)
        .filter(state -> state.phase() == State.Phase.RUNNING)
        .flatMap(State::started);
  }

  /** The same of all agents, by the namespaces and names of their pods. */
  public static Map<String, String> all(ClusterCase cluster) {
    Map<String, String> starting = new HashMap<>();
    AgentPod.all(cluster)
        .forEach(
            agent ->
                unknown(cluster, agent).ifPresent(why -> starting.put(agent.pod().inWords(), why)));
    return starting;
  }
}
