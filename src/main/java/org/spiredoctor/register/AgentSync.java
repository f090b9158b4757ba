package org.spiredoctor.register;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.check.ClusterCheck;
import org.spiredoctor.console.ProgressLine;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.registration.Change;
import org.spiredoctor.registration.Change.Action;
import org.spiredoctor.registration.server.RegistrationOutcome;

/**
 * Waits until what was registered is with the agents, and a pod would be served. Nobody but an
 * agent knows what it has: its log tells of a new entry ("Creating X509-SVID"), and for all else an
 * agent that is well has asked its server once two of its intervals have passed.
 */
final class AgentSync {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** Agents ask their server every five seconds, unless they are told otherwise. */
  private static final Duration SYNC = Duration.ofSeconds(5);

  /** An agent has SVIDs signed for many at once; the last of them say enough. */
  private static final int LAST = 20;

  private final ClusterAccess access;
  private final RegistrationRequest request;
  private final Terminal terminal;
  private final Instant began = Instant.now();

  AgentSync(ClusterAccess access, RegistrationRequest request, Terminal terminal) {
    this.access = access;
    this.request = request;
    this.terminal = terminal;
  }

  private boolean waited(Duration time) {
    return Duration.between(began, Instant.now()).compareTo(time) >= 0;
  }

  /**
   * Waits.
   *
   * @return what did not come in time; nothing when all did
   */
  Optional<String> after(RegistrationTarget target, RegistrationOutcome outcome)
      throws InterruptedException {
    List<Change> changes =
        outcome.steps().stream()
            .map(RegistrationOutcome.Step::change)
            .filter(Change::changes)
            .toList();
    List<Component> agents = target.home().installation().agents();
    Duration interval = sync(agents).multipliedBy(2);
    Duration enough = changes.isEmpty() ? rest(interval, target, outcome) : interval;
    Optional<String> late = synced(agents, told(changes), enough);
    return late.isEmpty() && request.pod().isPresent() ? served(request.pod().get()) : late;
  }

  /** Of what somebody else has just made, the time until agents have it. */
  private Duration rest(Duration interval, RegistrationTarget target, RegistrationOutcome outcome) {
    Set<String> ids =
        outcome.steps().stream()
            .map(step -> step.change().entry().id())
            .collect(Collectors.toSet());
    return target.entries().stream()
        .filter(entry -> ids.contains(entry.id()))
        .flatMap(entry -> entry.createdAt().stream())
        .max(Instant::compareTo)
        .map(last -> interval.minus(Duration.between(last, began)))
        .orElse(Duration.ZERO);
  }

  /** The ids that an agent's log tells of: of new entries only, and only where all else is old. */
  private static List<String> told(List<Change> changes) {
    boolean onlyNew = changes.stream().allMatch(change -> change.action() == Action.CREATE);
    List<String> ids =
        changes.stream()
            .map(Change::entry)
            .filter(entry -> !entry.forNodes())
            .map(Entry::id)
            .toList();
    return onlyNew ? ids.subList(Math.max(0, ids.size() - LAST), ids.size()) : List.of();
  }

  private Optional<String> synced(List<Component> agents, List<String> ids, Duration enough)
      throws InterruptedException {
    if (ids.isEmpty() || agents.isEmpty()) {
      return synced(_ -> List.of(), List.of(), enough);
    }
    try (KubeApi api = access.open(ClusterAccess.LIMIT)) {
      return synced(component -> telling(api, component, ids), agents, enough);
    } catch (KubeException e) {
      return synced(_ -> List.of(), List.of(), enough);
    }
  }

  /**
   * Waits.
   *
   * @param telling the pods whose log tells that they have the entries
   * @param agents that may tell; none where nothing will be told
   */
  private Optional<String> synced(
      Function<Component, List<Pod>> telling, List<Component> agents, Duration enough)
      throws InterruptedException {
    Set<Pod> open = agents.stream().flatMap(c -> c.pods().stream()).collect(Collectors.toSet());
    boolean tell = !open.isEmpty();
    try (ProgressLine progress = ProgressLine.begin(terminal)) {
      progress.accept("Waiting until the agents have the entries...");
      while (true) {
        agents.forEach(component -> open.removeAll(telling.apply(component)));
        if (tell && open.isEmpty()) {
          terminal.say("The agents have the entries, as their logs tell");
          return Optional.empty();
        }
        if (waited(enough)) {
          return assumed(enough);
        }
        if (waited(request.patience())) {
          return Optional.of(
              "the entries are made; agents have them "
                  + enough.toSeconds()
                  + " s later, and --wait ended before");
        }
        Thread.sleep(AGAIN);
      }
    }
  }

  /** An agent says of each new entry that it has its SVID signed. */
  private static List<Pod> telling(KubeApi api, Component agents, List<String> ids) {
    return agents.pods().stream().filter(pod -> tells(api, agents, pod, ids)).toList();
  }

  private static boolean tells(KubeApi api, Component agents, Pod pod, List<String> ids) {
    try {
      String log =
          api.log(
              pod.meta().namespace(),
              pod.meta().name(),
              agents.container(),
              false,
              5000,
              4 * 1024 * 1024);
      return ids.stream().allMatch(log::contains);
    } catch (KubeException e) {
      return false;
    }
  }

  /** An agent that is well has asked its server meanwhile; of others that is not known. */
  private Optional<String> assumed(Duration enough) throws InterruptedException {
    ClusterCase now = look(request.query());
    List<String> unwell =
        now.installations().stream()
            .flatMap(one -> one.agentPods().filter(pod -> !isWell(one, pod, now.evidence().at())))
            .map(Pod::inWords)
            .toList();
    if (!unwell.isEmpty()) {
      return Optional.of(
          "the entries are made; that these agents have them is not known, since they are not"
              + " ready or not attested: "
              + String.join(", ", unwell));
    }
    if (enough.isPositive()) {
      terminal.say(
          "The agents have asked their server meanwhile: "
              + enough.toSeconds()
              + " s are twice their interval");
    }
    return Optional.empty();
  }

  private static boolean isWell(InstallationCase home, Pod pod, Instant at) {
    return pod.ready()
        && home.attestedOn(pod.node()).stream()
            .anyMatch(agent -> !agent.banned() && !agent.expiredAt(at));
  }

  private static Duration sync(List<Component> agents) {
    return agents.stream()
        .flatMap(a -> a.config().value("agent", "experimental", "sync_interval").stream())
        .filter(text -> text.matches("\\d{1,4}s"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text.replace("s", ""))))
        .findFirst()
        .orElse(SYNC);
  }

  private ClusterCase look(ClusterQuery asked) throws InterruptedException {
    ClusterCheck check = new ClusterCheck(access, terminal);
    return new ClusterCase(check.gather(asked));
  }

  private Optional<String> served(String name) throws InterruptedException {
    ClusterQuery asked =
        request.query().of(ClusterQuery.Pods.Named.of(name, access.namespaceOfPods()));
    while (true) {
      ClusterCase cluster = look(asked);
      List<PodEntryMatch> entryMatches = cluster.entryMatches().seen().orElse(List.of());
      if (!entryMatches.isEmpty() && entryMatches.stream().allMatch(s -> s.entryMatch().served())) {
        terminal.say("Pod " + name + " is served " + ids(entryMatches));
        return Optional.empty();
      }
      if (waited(request.patience())) {
        return Optional.of(
            "the entries are made, but pod "
                + name
                + " would not be served"
                + cause(cluster)
                + "; 'spire-doctor check "
                + name
                + "' tells more");
      }
      Thread.sleep(AGAIN);
    }
  }

  private static String ids(List<PodEntryMatch> entryMatches) {
    Stream<Entry> entries = entryMatches.stream().flatMap(s -> s.entryMatch().entries().stream());
    return new HashSet<>(entries.map(Entry::spiffeId).toList())
        .stream().sorted().collect(Collectors.joining(", "));
  }

  private static String cause(ClusterCase cluster) {
    return Diagnosis.examine(cluster, Rules.all())
        .causes()
        .findFirst()
        .map(finding -> ": " + finding.id() + ": " + finding.summary())
        .orElse("");
  }
}
