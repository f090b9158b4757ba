package org.spiredoctor.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.PodStanding;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.ServerAccess;
import org.spiredoctor.evidence.cluster.Wanted;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Connection;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.registration.Change;
import org.spiredoctor.registration.server.Outcome;

/** Waits until what was registered is with the agents, and a pod would be served. */
final class FollowUp {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** Agents ask their server every five seconds, unless they are told otherwise. */
  private static final Duration SYNC = Duration.ofSeconds(5);

  private final ClusterConnection connection;
  private final Optional<ServerAccess> access;
  private final Wanted wanted;
  private final RegisterCommand.Manner manner;
  private final Terminal terminal;
  private final Instant began = Instant.now();

  FollowUp(
      ClusterConnection connection,
      Optional<ServerAccess> access,
      Wanted wanted,
      RegisterCommand.Manner manner,
      Terminal terminal) {
    this.connection = connection;
    this.access = access;
    this.wanted = wanted;
    this.manner = manner;
    this.terminal = terminal;
  }

  private Duration waited() {
    return Duration.between(began, Instant.now());
  }

  private boolean over() {
    return waited().compareTo(manner.patience()) >= 0;
  }

  /**
   * Waits.
   *
   * @return what did not come in time; nothing when all did
   */
  Optional<String> after(RegistrationTarget target, Outcome outcome)
      throws UsageException, InterruptedException {
    Set<String> ids =
        outcome.steps().stream()
            .map(Outcome.Step::change)
            .filter(Change::changes)
            .filter(change -> change.action() != Change.Action.DELETE)
            .map(Change::entry)
            .filter(entry -> !entry.forNodes())
            .map(Entry::id)
            .collect(Collectors.toSet());
    Optional<String> late = ids.isEmpty() ? Optional.empty() : synced(target, ids);
    return late.isEmpty() && manner.pod().isPresent() ? served(manner.pod().get()) : late;
  }

  private Optional<String> synced(RegistrationTarget target, Set<String> ids)
      throws InterruptedException {
    List<Component> components = target.home().installation().agents();
    Set<Pod> waiting =
        components.stream().flatMap(c -> c.pods().stream()).collect(Collectors.toSet());
    Duration enough = sync(components).multipliedBy(2);
    try (Steps steps = Steps.begin(terminal);
        KubeApi api =
            Connection.open(
                connection.kubeconfig(), connection.context(), ClusterConnection.LIMIT)) {
      steps.accept("Waiting until the agents have the entries...");
      while (true) {
        for (Component agents : components) {
          for (Pod pod : agents.pods()) {
            if (waiting.contains(pod) && tellsOf(ids, api, agents, pod)) {
              waiting.remove(pod);
              terminal.say("Agent " + pod.inWords() + " has the entries, as its log tells");
            }
          }
        }
        boolean assumed = waited().compareTo(enough) >= 0;
        if (assumed || (waiting.isEmpty() && !components.isEmpty())) {
          waiting.forEach(pod -> terminal.say(pod.inWords() + " did not tell; " + twice(enough)));
          return Optional.empty();
        }
        if (over()) {
          return Optional.of(
              "the entries are made; that the agents have them was not seen in "
                  + manner.patience().toSeconds()
                  + " s");
        }
        Thread.sleep(AGAIN);
      }
    } catch (KubeException e) {
      // No cluster: the server alone was asked.
      return slept(enough);
    }
  }

  private static String twice(Duration enough) {
    return enough.toSeconds() + " s have passed, in which it asks its server twice";
  }

  private Optional<String> slept(Duration enough) throws InterruptedException {
    while (waited().compareTo(enough) < 0) {
      if (over()) {
        return Optional.of(
            "the entries are made; agents have them after "
                + enough.toSeconds()
                + " s, longer than --wait");
      }
      Thread.sleep(AGAIN);
    }
    terminal.say("The agents' logs are not seen; " + twice(enough));
    return Optional.empty();
  }

  private static Duration sync(List<Component> agents) {
    return agents.stream()
        .flatMap(a -> a.config().value("agent", "experimental", "sync_interval").stream())
        .flatMap(text -> seconds(text).stream())
        .findFirst()
        .orElse(SYNC);
  }

  private static Optional<Duration> seconds(String text) {
    return text.matches("\\d{1,4}s")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(text.replace("s", ""))))
        : Optional.empty();
  }

  /** An agent says of each entry that it has its SVID signed ("Creating X509-SVID"). */
  private static boolean tellsOf(Set<String> ids, KubeApi api, Component agents, Pod pod) {
    try {
      String log =
          api.log(
              pod.meta().namespace(),
              pod.meta().name(),
              agents.container(),
              false,
              2000,
              1024 * 1024);
      return ids.stream().anyMatch(log::contains);
    } catch (KubeException e) {
      return false;
    }
  }

  private Optional<String> served(String name) throws UsageException, InterruptedException {
    Wanted asked =
        new Wanted(
            ClusterOptions.named(name, Optional.empty()),
            wanted.spireNamespace(),
            wanted.trustDomain(),
            wanted.spiffeId(),
            wanted.federatesWith(),
            wanted.exec());
    while (true) {
      ClusterCheck check = new ClusterCheck(connection, access, terminal);
      ClusterCase cluster = new ClusterCase(ClusterEvidence.of(check.gather(asked), asked));
      List<PodStanding> standings = cluster.standings().seen().orElse(List.of());
      if (!standings.isEmpty() && standings.stream().allMatch(s -> s.standing().served())) {
        terminal.say(
            "Pod "
                + name
                + " is served "
                + standings.stream()
                    .flatMap(s -> s.standing().entries().stream().map(Entry::spiffeId))
                    .collect(Collectors.toCollection(HashSet::new))
                    .stream()
                    .sorted()
                    .collect(Collectors.joining(", ")));
        return Optional.empty();
      }
      if (over()) {
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

  private static String cause(ClusterCase cluster) {
    return Diagnosis.examine(cluster, Rules.all(), Duration.ZERO)
        .causes()
        .findFirst()
        .map(finding -> ": " + finding.id() + ": " + finding.summary())
        .orElse("");
  }
}
