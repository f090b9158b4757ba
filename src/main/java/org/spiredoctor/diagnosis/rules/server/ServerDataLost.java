package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.ServerData;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/**
 * A server whose database is on no lasting volume was restarted after agents knew it, and has no
 * entries.
 */
@AutoService(Rule.class)
public final class ServerDataLost implements Rule {
  /** Within so much time all parts of an installation are made. */
  private static final Duration INSTALLATION = Duration.ofMinutes(5);

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(
        cluster.evidence().pods(),
        _ ->
            cluster.installations().stream()
                .filter(one -> one.installation().servers().size() == 1)
                .flatMap(one -> lost(cluster, one).stream())
                .toList());
  }

  private Optional<Outcome> lost(ClusterCase cluster, InstallationCase one) {
    Component server = one.installation().servers().getFirst();
    if (server.pods().size() != 1 || !server.pods().getFirst().ready()) {
      return Optional.empty();
    }
    Pod pod = server.pods().getFirst();
    Optional<String> where = ServerData.passing(server, pod);
    if (where.isEmpty()) {
      return Optional.empty();
    }
    // What is in the container's own file system goes with the container.
    boolean none = !where.get().equals("on an emptyDir");
    Optional<String> restarted =
        none ? restarts(server, pod).or(() -> replaced(one, pod)) : replaced(one, pod);
    return restarted.flatMap(
        how ->
            begun(server, pod, none)
                .filter(begun -> isWithout(cluster, one, begun))
                .flatMap(
                    begun ->
                        EarlierLife.of(cluster.evidence(), one, begun.minus(INSTALLATION), begun))
                .map(
                    life ->
                        finding(
                            cluster,
                            one,
                            pod,
                            ServerData.setting(server, "connection_string").orElse(""),
                            where.get(),
                            how,
                            life)));
  }

  /**
   * Whether it has no entries of before. With new ones it is well again, unless a pod still has
   * none; a node alias alone serves nobody.
   */
  private static boolean isWithout(ClusterCase cluster, InstallationCase one, Instant begun) {
    Observed<List<Entry>> seen = one.installation().entries();
    List<Entry> entries =
        seen.seen().orElse(List.of()).stream().filter(entry -> !entry.forNodes()).toList();
    boolean isNew =
        entries.stream().allMatch(entry -> entry.createdAt().filter(begun::isBefore).isPresent());
    return seen.seen().isPresent()
        && isNew
        && (entries.isEmpty()
            || cluster.entryMatch(EntryMatch.Kind.MISSING).stream()
                .anyMatch(entryMatch -> entryMatch.home().equals(one)));
  }

  /** Since when its data can be there: a new container begins without, or only a new pod. */
  private static Optional<Instant> begun(Component server, Pod pod, boolean none) {
    return Optional.of(pod)
        .filter(_ -> none)
        .flatMap(server.role()::container)
        .flatMap(Container::status)
        .map(Container.Status::state)
        .flatMap(Container.State::started)
        .or(() -> pod.meta().created());
  }

  private static Optional<String> restarts(Component server, Pod pod) {
    return server
        .role()
        .container(pod)
        .flatMap(Container::status)
        .filter(status -> status.restarts() > 0)
        .map(status -> "container " + server.container() + " restarts: " + status.restarts());
  }

  /** That agents are older by more than the installation takes. */
  private static Optional<String> replaced(InstallationCase one, Pod pod) {
    Instant created = pod.meta().created().orElse(Instant.MIN);
    return one.agentPods()
        .flatMap(agent -> agent.meta().created().stream())
        .filter(agent -> agent.plus(INSTALLATION).isBefore(created))
        .findFirst()
        .map(agent -> "created at " + created + ", after an agent's pod of " + agent);
  }

  /** Which agent's line shows that agents knew the server before it began anew. */
  private record EarlierLife(Pod agent, Log.Line line) {

    /** An installation in which the server is restarted before it is used has none. */
    static Optional<EarlierLife> of(
        ClusterEvidence evidence, InstallationCase one, Instant before, Instant begun) {
      return one.installation().agents().stream()
          .flatMap(
              agents ->
                  agents.pods().stream()
                      .filter(pod -> pod.meta().created().filter(before::isAfter).isPresent())
                      .flatMap(
                          pod ->
                              Stream.of(true, false)
                                  .flatMap(
                                      previous ->
                                          evidence
                                              .log(pod, agents.container(), previous)
                                              .lines()
                                              .stream())
                                  .filter(line -> shows(line, before, begun))
                                  .map(line -> new EarlierLife(pod, line))))
          .findFirst();
    }

    private static boolean shows(Log.Line line, Instant before, Instant begun) {
      return line.at()
          .filter(
              at ->
                  line.message().equals("Node attestation was successful")
                      ? at.isBefore(before)
                      : at.isAfter(begun) && isRefused(line))
          .isPresent();
    }

    /** That the server does not know the agent's SVID any more, or the agent not the server's. */
    private static boolean isRefused(Log.Line line) {
      return line.message().startsWith("Agent needs to re-attest")
          || line.error().contains("agent is not attested")
          || (line.error().contains("signed by unknown authority")
              && !line.error().contains("kubelet")
              && !line.says("workload attestor")
              && !line.says("10250"));
    }
  }

  private Outcome finding(
      ClusterCase cluster,
      InstallationCase one,
      Pod pod,
      String file,
      String where,
      String how,
      EarlierLife life) {
    return cluster
        .name(one, Finding.error(this, Subject.of(pod), cluster.scope(one)))
        .confidence(Confidence.LIKELY)
        .seen("configuration of the server", "database_type sqlite3, connection_string " + file)
        .seen("pod " + pod.inWords(), "this is " + where)
        .seen("pod " + pod.inWords(), how)
        .seen("log of agent " + life.agent().inWords(), life.line().text())
        .seen("entries", "none of before")
        .remedy(
            new Remedy.Advice(
                "Keep the database on a persistentVolumeClaim, and keep the server's keys there too (KeyManager \"disk\"), so that the"
                    + " next restart loses nothing"))
        .remedy(
            new Remedy.Advice(
                "Then create the entries again if there were any, from where they are declared, such as a file for"
                    + " spire-doctor register"))
        .found(
            "The SPIRE server was restarted, and its database is "
                + where
                + ": the agents, keys and any entries that it had before are lost");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AUTHORITIES_REPLACED, Effect.AGENT_REFUSED, Effect.ENTRY_ABSENT);
  }
}
