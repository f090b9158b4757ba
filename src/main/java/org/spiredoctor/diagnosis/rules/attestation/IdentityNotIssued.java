package org.spiredoctor.diagnosis.rules.attestation;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.rules.agent.StartingAgent;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Candidates;
import org.spiredoctor.identity.EntryMatch;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.pod.PodEnvironment;
import org.spiredoctor.spire.Ending;

/** The agent attested this process, or tried to, and has no identity for it. */
@AutoService(Rule.class)
public final class IdentityNotIssued implements Rule {
  private static final String NO_ENTRY = "no entry is served to it";

  @Override
  public Outcome examine(Evidence evidence) {
    Ending ending = evidence.failure().orElse(null);
    if (ending == null || ending.kind() != Ending.Kind.NO_IDENTITY) {
      return evidence.svids().isEmpty()
          ? new Outcome.NotApplicable("the agent did not say so")
          : new Outcome.Passed();
    }
    PodEnvironment here = evidence.environment();
    Finding.Builder finding =
        Finding.error(this, evidence)
            .confidence(ending.says("no identity issued") ? Confidence.CERTAIN : Confidence.LIKELY)
            .seen("agent", ending.inWords());
    here.namespace().ifPresent(ns -> finding.seen("this process", "k8s:ns:" + ns));
    here.uid().ifPresent(uid -> finding.seen("this process", "unix:uid:" + uid));
    if (here.inPod()) {
      finding.remedy(
          new Remedy.Command(
              "Compare the pod's labels and service account with the selectors of the entry",
              Kubectl.showPod(here)));
    }
    return finding
        .remedy(
            new Remedy.Advice(
                "Make an entry whose selectors all hold for this process, and whose parent is the"
                    + " agent of this node or a node alias that the agent matches: an entry under"
                    + " a parent that no agent has is never served"))
        .remedy(
            new Remedy.Advice(
                "If the entry was made in the last seconds, wait: the agent asks the server every"
                    + " 5 s"))
        .found("The agent has no entry for this process, so it issues no identity");
  }

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(cluster.evidence().pods(), _ -> outcomes(cluster));
  }

  private List<Outcome> outcomes(ClusterCase cluster) {
    Map<String, List<Pod>> unserved = new LinkedHashMap<>();
    Map<String, String> starting = StartingAgent.all(cluster);
    Set<String> unknown = new LinkedHashSet<>();
    for (Pod pod : cluster.examined()) {
      // One without a node has not asked yet.
      if (!pod.over() && !pod.node().isEmpty()) {
        Optional<String> still =
            cluster
                .home(pod)
                .flatMap(home -> home.agentPodOn(pod.node()))
                .map(agent -> starting.get(agent.inWords()));
        still.ifPresent(unknown::add);
        why(cluster, pod)
            .filter(_ -> still.isEmpty())
            .ifPresent(why -> unserved.computeIfAbsent(why, _ -> new ArrayList<>()).add(pod));
      }
    }
    List<Outcome> outcomes = new ArrayList<>(Outcome.unknown(unknown.stream()));
    unserved.forEach(
        (why, pods) ->
            PodGroup.of(cluster, pods).forEach(group -> outcomes.add(found(cluster, group, why))));
    cluster.entryMatches().missing().map(Outcome.Unknown::new).ifPresent(outcomes::add);
    cluster.entryMatch(EntryMatch.Kind.AGENT_UNKNOWN).stream()
        .map(IdentityNotIssued::whichAgent)
        .forEach(outcomes::add);
    cluster.unjudged().stream().map(Outcome.Unknown::new).forEach(outcomes::add);
    return outcomes;
  }

  private static Outcome whichAgent(PodEntryMatch one) {
    String node = one.pod().node();
    Candidates candidates = one.home().candidates(node);
    return new Outcome.Unknown(
        "which agent runs on node "
            + node
            + " ("
            + candidates.agents().stream().limit(3).map(Agent::id).collect(Collectors.joining(", "))
            + (candidates.agents().size() > 3 ? " and others" : "")
            + " might; "
            + otherCluster(one, candidates).orElse("its node attestor does not show it")
            + (candidates.perhapsNone() ? ", and it might not be attested at all" : "")
            + "): only some would serve "
            + one.entryMatch().entry().inWords()
            + " to pod "
            + one.pod().inWords());
  }

  /** That the agents' configuration, perhaps a newer one than they run with, names another. */
  private static Optional<String> otherCluster(PodEntryMatch one, Candidates candidates) {
    Set<String> configured =
        one.home().installation().agents().stream()
            .filter(its -> its.pods().stream().anyMatch(p -> p.node().equals(one.pod().node())))
            .flatMap(its -> its.config().cluster().stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Set<String> listed =
        candidates.agents().stream()
            .flatMap(agent -> agent.cluster().stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return configured.isEmpty() || listed.isEmpty() || !Collections.disjoint(configured, listed)
        ? Optional.empty()
        : Optional.of(
            "the configuration of the agents names cluster "
                + String.join(", ", configured)
                + ", but the agent that the server lists attested for cluster "
                + String.join(", ", listed)
                + ": restart the agents if the configuration was changed");
  }

  private Outcome found(ClusterCase cluster, PodGroup group, String why) {
    Pod pod = group.first();
    InstallationCase home = cluster.home(pod).orElse(null);
    if (home == null) {
      return new Outcome.Unknown(why);
    }
    Finding.Builder finding =
        cluster
            .name(home, group.error(this))
            .confidence(why.equals(NO_ENTRY) ? Confidence.CERTAIN : Confidence.LIKELY)
            .seen("pod " + pod.inWords(), why);
    home.agentPodOn(pod.node())
        .ifPresent(
            agent ->
                finding.remedy(
                    new Remedy.Command(
                        "Read what the agent of its node says", Kubectl.logs(agent, "--tail=50"))));
    return finding
        .remedy(
            new Remedy.Command(
                "Compare the pod's labels and service account with the selectors of the entries",
                Kubectl.about("get", "pod", pod.meta(), "--show-labels")
                    + " && "
                    + home.commands().command("entry", "show")))
        .found("The pod gets no identity");
  }

  /** What keeps the pod from its identity, as far as it shows here; other rules say why. */
  private static Optional<String> why(ClusterCase cluster, Pod pod) {
    String node = pod.node();
    InstallationCase home = cluster.home(pod).orElse(null);
    if (home == null) {
      return Optional.empty();
    }
    List<Agent> attested = home.attestedOn(node);
    boolean known = attested.stream().anyMatch(a -> a.validAt(cluster.evidence().at()));
    // Agents outside of Kubernetes are known to the server alone; it also remembers lost ones.
    if (known && home.installation().agents().isEmpty()) {
      return entryMatch(cluster, pod);
    }
    Optional<Pod> agent = home.agentPodOn(node);
    if (agent.isEmpty() && hasUnlistedAgents(cluster, home)) {
      return entryMatch(cluster, pod);
    }
    if (agent.isEmpty()) {
      return Optional.of("no agent runs on its node " + node);
    }
    if (!home.isUp(agent.get())) {
      return Optional.of("the agent of its node, " + agent.get().inWords() + ", is not ready");
    }
    if (home.installation().attested().seen().isPresent() && !known) {
      return Optional.of(
          attested.isEmpty()
              ? "the server does not know the agent of its node " + node
              : "the agent of its node " + node + " is banned, or has expired");
    }
    return entryMatch(cluster, pod);
  }

  private static boolean hasUnlistedAgents(ClusterCase cluster, InstallationCase home) {
    List<Component> agents = home.installation().agents();
    return agents.isEmpty()
        ? cluster.evidence().unlisted().isPresent()
        : agents.stream().anyMatch(one -> cluster.evidence().unlisted(one).isPresent());
  }

  private static Optional<String> entryMatch(ClusterCase cluster, Pod pod) {
    return cluster.actual(pod).filter(one -> one.entryMatch().deniedForSure()).map(_ -> NO_ENTRY);
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.WORKLOAD_API_FAILS, Effect.IDENTITY_LACKING);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Effect.keepingIdentityAnd(Effect.CALLER_UNKNOWN);
  }
}
