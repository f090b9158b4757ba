package org.spiredoctor.diagnosis.rules.entry;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.kube.Pod;

/** An agent attested just now, and its entries hang on an alias that the server resolves later. */
@AutoService(Rule.class)
public final class EntryParentAliasPending implements Rule {
  /** The server's cache and the agent's question take 5 s each. */
  private static final Duration RESOLVED_WITHIN = Duration.ofSeconds(15);

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return ServedPods.examine(
        cluster,
        one -> byAliasOnly(one) && !one.pod().ready() && attested(cluster, one.pod()).isPresent(),
        (_, group) -> finding(cluster, group));
  }

  private static boolean byAliasOnly(PodEntryMatch one) {
    return one.entryMatch().entries().stream()
        .noneMatch(entry -> SpiffeIds.isAgent(entry.parentId()));
  }

  /** The line by which the agent of the pod's node tells that it attested just now. */
  private static Optional<Log.Line> attested(ClusterCase cluster, Pod pod) {
    return cluster
        .home(pod)
        .flatMap(home -> home.agentPodOn(pod.node()))
        .flatMap(
            agent ->
                cluster
                    .componentOf(agent)
                    .flatMap(
                        agents ->
                            cluster
                                .evidence()
                                .log(agent, agents.container())
                                .last("Node attestation was successful")))
        .filter(line -> line.at().isPresent())
        .filter(line -> line.within(RESOLVED_WITHIN, cluster.evidence().at()));
  }

  private Outcome finding(ClusterCase cluster, PodGroup group) {
    return group
        .warning(this)
        .confidence(Confidence.POSSIBLE)
        .seen(
            "log of the agent on " + group.first().node(),
            attested(cluster, group.first()).map(Log.Line::text).orElse(""))
        .remedy(new Remedy.Advice("Wait 15 s and check again"))
        .found(
            "The agent attested so lately that the server may not have resolved its node alias"
                + " yet");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.WORKLOAD_API_FAILS);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.ENTRY_NOT_SETTLED);
  }
}
