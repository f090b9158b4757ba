package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Pod;

/**
 * A server cannot renew its cache of entries, or has not filled it yet: new ones are not served.
 */
@AutoService(Rule.class)
public final class ServerCacheReload implements Rule {
  /** It tries every 5 s, so that an older failure is over. */
  private static final Duration FRESH = Duration.ofSeconds(60);

  private static final String[] FAILS = {
    "Failed to reload entry cache",
    "Failed to update entry cache",
    "Failed to full refresh entry cache"
  };
  private static final String BUILDING = "in-memory entry cache";

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(cluster.evidence().pods(), _ -> outcomes(cluster));
  }

  private List<Outcome> outcomes(ClusterCase cluster) {
    List<Outcome> found = new ArrayList<>();
    for (Component server : cluster.evidence().servers()) {
      for (Pod pod : server.pods()) {
        symptom(cluster.evidence().log(pod, server.container()), cluster.evidence().at())
            .ifPresent(line -> found.add(finding(cluster, server, pod, line)));
      }
    }
    return found;
  }

  private static Optional<Log.Line> symptom(Log log, Instant now) {
    // Without a word of success what failed last counts.
    return log.last(FAILS)
        .filter(line -> line.within(FRESH, now))
        .or(() -> log.last(BUILDING).filter(line -> line.says("Building")));
  }

  private Outcome finding(ClusterCase cluster, Component server, Pod pod, Log.Line line) {
    boolean building = line.says("Building");
    Finding.Builder finding =
        AgentLogs.gravity(cluster) == Severity.ERROR
            ? Finding.error(this, Subject.of(pod), cluster.scope(server))
            : Finding.warning(this, Subject.of(pod), cluster.scope(server));
    InstallationCase home = cluster.home(server);
    return cluster
        .name(home, finding)
        .seen("log of " + pod.inWords(), line.inShort())
        .remedy(
            new Remedy.Command(
                building
                    ? "Wait until it says that the cache is complete"
                    : "Read what the server's database answers",
                Kubectl.command(
                        "logs",
                        "-n",
                        pod.meta().namespace(),
                        pod.meta().name(),
                        "-c",
                        server.container(),
                        "--tail=200")
                    + " | grep -i -e cache -e datastore"))
        .remedy(
            new Remedy.Advice(
                building
                    ? "With very many entries or events this takes minutes: shorten"
                        + " prune_events_older_than"
                    : "Mend the database or the way to it; agents keep what they have until then"))
        .found(
            building
                ? "The SPIRE server is still filling its cache of entries, and serves none before"
                : "The SPIRE server cannot renew its cache of entries, so that agents do not get"
                    + " new ones");
  }
}
