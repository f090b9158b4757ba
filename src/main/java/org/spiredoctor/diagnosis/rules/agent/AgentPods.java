package org.spiredoctor.diagnosis.rules.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.diagnosis.Words;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Pod;

/** What the rules about agents have in common: one finding for all agents that suffer alike. */
public final class AgentPods {
  private static final Set<String> ATTEMPT_FAILED =
      Set.of("Agent crashed", "Failed to retrieve attestation result", "Synchronize failed");

  /** So many are named one by one. */
  private static final int NAMED = 20;

  private AgentPods() {}

  /** Agents of one SPIRE that show the same symptom suffer alike. */
  private record Alike<K>(InstallationCase home, K symptom) {}

  /** Ends a finding about agents of which all show the same symptom. */
  public interface Finish<K> {
    /** Names the first of them, and says what is wrong and what to do. */
    Outcome finish(K symptom, AgentPod first, Finding.Builder finding);
  }

  /** The same, of which the first is the one that is named. */
  interface FinishAll<K> {
    /** Names the first of them, and says what is wrong and what to do with all. */
    Outcome finish(K symptom, List<AgentPod> alike, Finding.Builder finding);
  }

  /** Judges agents that are not well by their logs, since they were well. */
  public static List<Outcome> byLog(
      Rule rule, ClusterCase cluster, Predicate<Log.Line> symptom, Finish<Log.Line> finish) {
    return bySymptom(
        rule,
        cluster,
        agent -> last(agent.log(), symptom).map(_ -> rule.id()),
        (_, first, finding) ->
            finish.finish(
                last(first.log(), symptom).orElseThrow(),
                first,
                finding.seen(
                    "log of " + first.pod().inWords(),
                    last(first.log(), symptom).orElseThrow().inShort())));
  }

  /** The same, with several findings where their symptoms differ. */
  static <K> List<Outcome> bySymptom(
      Rule rule, ClusterCase cluster, Function<AgentPod, Optional<K>> symptom, Finish<K> finish) {
    List<Outcome> outcomes =
        new ArrayList<>(
            judge(
                rule,
                cluster,
                agent ->
                    agent.unwell() && StartingAgent.unknown(cluster, agent).isEmpty()
                        ? symptom.apply(agent)
                        : Optional.empty(),
                finish));
    // An agent that is not well, and whose log says nothing because it was not seen.
    AgentPod.all(cluster).stream()
        .filter(agent -> agent.unwell() && symptom.apply(agent).isEmpty())
        .flatMap(agent -> agent.logMissing(cluster.evidence()).stream())
        .findFirst()
        .ifPresent(missing -> outcomes.add(new Outcome.Unknown(missing)));
    return List.copyOf(outcomes);
  }

  /** One finding for all agents that show the same symptom. */
  static <K> List<Outcome> judge(
      Rule rule, ClusterCase cluster, Function<AgentPod, Optional<K>> symptom, Finish<K> finish) {
    return judgeAll(
        rule,
        cluster,
        symptom,
        (its, alike, finding) -> finish.finish(its, alike.getFirst(), finding));
  }

  /** The same, where what is to be done depends on all of them. */
  static <K> List<Outcome> judgeAll(
      Rule rule,
      ClusterCase cluster,
      Function<AgentPod, Optional<K>> symptom,
      FinishAll<K> finish) {
    return Outcome.ifSeen(
        cluster.evidence().pods(),
        _ -> judgeAll(rule, cluster, AgentPod.all(cluster), symptom, finish));
  }

  private static <K> List<Outcome> judgeAll(
      Rule rule,
      ClusterCase cluster,
      List<AgentPod> all,
      Function<AgentPod, Optional<K>> symptom,
      FinishAll<K> finish) {
    if (all.isEmpty()) {
      return List.of(new Outcome.NotApplicable("there are no agents"));
    }
    Map<Alike<K>, List<AgentPod>> groups = new LinkedHashMap<>();
    for (AgentPod agent : all) {
      symptom
          .apply(agent)
          .map(s -> new Alike<>(agent.home(), s))
          .ifPresent(s -> groups.computeIfAbsent(s, _ -> new ArrayList<>()).add(agent));
    }
    List<Outcome> found = new ArrayList<>();
    groups.forEach(
        (key, alike) ->
            found.add(finish.finish(key.symptom(), alike, begin(rule, cluster, alike))));
    return found;
  }

  private static Finding.Builder begin(Rule rule, ClusterCase cluster, List<AgentPod> alike) {
    Finding.Builder finding =
        cluster.name(
            alike.getFirst().home(),
            Finding.error(rule, Subject.of(alike.getFirst().pod()), scope(cluster, alike)));
    if (alike.size() > 1) {
      finding.seen(
          "Kubernetes",
          Words.counted(alike.size() - 1, "more agent")
              + " alike, on "
              + alike.stream()
                  .skip(1)
                  .limit(3)
                  .map(agent -> agent.pod().node())
                  .collect(Collectors.joining(", ")));
    }
    return finding;
  }

  private static Scope scope(ClusterCase cluster, List<AgentPod> alike) {
    return cluster.scope(
        alike.getFirst().home(),
        alike.stream().map(agent -> agent.pod().node()).collect(Collectors.toSet()));
  }

  /** The last line that shows something, unless the agent has failed for another reason since. */
  static Optional<Log.Line> last(Log log, Predicate<Log.Line> symptom) {
    for (Log.Line line : log.lines().reversed()) {
      if (symptom.test(line)) {
        return Optional.of(line);
      }
      if (endsAttempt(line)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Tells why the last attempt failed; an agent that is stopped fails for no reason of its own. */
  private static boolean endsAttempt(Log.Line line) {
    return ATTEMPT_FAILED.contains(line.message())
        && !line.error().isEmpty()
        && !line.error().contains("context canceled");
  }

  /** Restarts an agent: it attests again at once. */
  static Remedy restart(AgentPod agent) {
    return restart(List.of(agent));
  }

  /** The same of several: of many, all that have the same owner are replaced one after another. */
  static Remedy restart(List<AgentPod> agents) {
    Map<Component, List<Pod>> pods =
        agents.stream()
            .collect(
                Collectors.groupingBy(
                    AgentPod::component,
                    LinkedHashMap::new,
                    Collectors.mapping(AgentPod::pod, Collectors.toList())));
    boolean others =
        pods.entrySet().stream()
            .anyMatch(
                one ->
                    one.getValue().size() > NAMED
                        && one.getKey().pods().size() > one.getValue().size());
    return new Remedy.Command(
        agents.size() == 1
            ? "Restart the agent, so that it attests again"
            : "Restart the agents, so that they attest again"
                + (others ? "; those that are attested are restarted too" : ""),
        pods.entrySet().stream()
            .map(one -> restart(one.getKey(), one.getValue()))
            .collect(Collectors.joining(" && ")));
  }

  private static String restart(Component component, List<Pod> pods) {
    return pods.size() <= NAMED
        ? Kubectl.delete(pods)
        : Kubectl.anew(component).orElseGet(() -> Kubectl.delete(pods));
  }
}
