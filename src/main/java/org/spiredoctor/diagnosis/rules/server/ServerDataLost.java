package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/** A server whose database is on no lasting volume was restarted, and has no entries. */
@AutoService(Rule.class)
public final class ServerDataLost implements Rule {
  /** Within so much time all parts of an installation are made. */
  private static final Duration INSTALLATION = Duration.ofMinutes(5);

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    Optional<String> missing = cluster.evidence().pods().missing();
    if (missing.isPresent()) {
      return List.of(new Outcome.Unknown(missing.get()));
    }
    List<Outcome> found =
        cluster.installations().stream()
            // With entries it is well again, whatever it lost.
            .filter(one -> one.installation().entries().seen().filter(List::isEmpty).isPresent())
            .filter(one -> one.installation().servers().size() == 1)
            .flatMap(one -> lost(cluster, one).stream())
            .toList();
    return found.isEmpty() ? List.of(new Outcome.Passed()) : found;
  }

  private Optional<Outcome> lost(ClusterCase cluster, InstallationCase one) {
    Component server = one.installation().servers().getFirst();
    Optional<String> file = ServerData.databaseFile(server);
    if (file.isEmpty() || server.pods().size() != 1 || !server.pods().getFirst().ready()) {
      return Optional.empty();
    }
    Pod pod = server.pods().getFirst();
    Optional<Volume> volume =
        server.mount(pod, file.get()).flatMap(mount -> pod.volume(mount.volume()));
    boolean none = server.mount(pod, file.get()).isEmpty();
    boolean emptyDir =
        volume.orElse(null) instanceof Volume.Other other && other.kind().equals("emptyDir");
    Optional<String> restarted =
        none ? restarts(server, pod).or(() -> replaced(one, pod)) : replaced(one, pod);
    return none || emptyDir
        ? restarted.map(
            how ->
                finding(
                    cluster, one, pod, file.get(), none ? "on no volume" : "on an emptyDir", how))
        : Optional.empty();
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

  private Outcome finding(
      ClusterCase cluster, InstallationCase one, Pod pod, String file, String where, String how) {
    return cluster
        .name(one, Finding.error(this, Subject.of(pod), cluster.scope(one)))
        .confidence(Confidence.LIKELY)
        .seen("configuration of the server", "database_type sqlite3, connection_string " + file)
        .seen("pod " + pod.inWords(), file + " is " + where)
        .seen("pod " + pod.inWords(), how)
        .seen("entries", "none")
        .remedy(
            new Remedy.Advice(
                "Mount a persistentVolumeClaim at the directory of "
                    + file
                    + ", and keep the server's keys there too (KeyManager \"disk\"), so that the"
                    + " next restart loses nothing"))
        .remedy(
            new Remedy.Advice(
                "Then create the entries again, from where they are declared, such as a file for"
                    + " spire-doctor register"))
        .found(
            "The SPIRE server was restarted, and its database is "
                + where
                + ": the entries, agents and keys that it had before are lost");
  }
}
