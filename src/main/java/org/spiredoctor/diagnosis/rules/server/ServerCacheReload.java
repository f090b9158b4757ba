package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Shell;
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
    return ServerPod.each(
        cluster,
        server ->
            symptom(server.log(), cluster.evidence().at()).map(line -> finding(server, line)));
  }

  private static Optional<Log.Line> symptom(Log log, Instant now) {
    // Without a word of success what failed last counts.
    return log.last(FAILS)
        .filter(line -> line.within(FRESH, now))
        .or(() -> log.last(BUILDING).filter(line -> line.says("Building")));
  }

  private Outcome finding(ServerPod server, Log.Line line) {
    Pod pod = server.pod();
    boolean building = line.says("Building");
    return server
        .begin(this, AgentLogs.gravity(server.cluster()), line)
        .remedy(
            new Remedy.Command(
                building
                    ? "Wait until it says that the cache is complete"
                    : "Read what the server's database answers",
                Shell.grepIgnoringCase(
                    Kubectl.logs(pod, "-c", server.container(), "--tail=200"),
                    "cache",
                    "datastore")))
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
