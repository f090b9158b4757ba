package org.spiredoctor.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.Bundle;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterGathering;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.ServerAccess;
import org.spiredoctor.evidence.cluster.ServerByApi;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.evidence.cluster.Wanted;
import org.spiredoctor.kube.Connection;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;

/** {@code check} from outside of the pods. */
final class ClusterCheck {
  private final ClusterConnection connection;
  private final Optional<ServerByApi> server;
  private final Terminal terminal;

  /**
   * @param server that is asked over its API, and not with its program in its pod
   */
  ClusterCheck(ClusterConnection connection, Optional<ServerAccess> server, Terminal terminal) {
    this.connection = connection;
    this.server = server.map(access -> new ServerByApi(access, ClusterConnection.LIMIT));
    this.terminal = terminal;
  }

  /**
   * Examines once.
   *
   * @param look is shown what was seen
   */
  Report run(
      ClusterOptions options, Wanted wanted, List<Rule> rules, Consumer<ClusterEvidence> look)
      throws InterruptedException, UsageException {
    long began = System.nanoTime();
    Snapshot snapshot = options.from().isPresent() ? read(options.from().get()) : gather(wanted);
    if (options.save().isPresent()) {
      save(snapshot, options.save().get());
    }
    ClusterEvidence evidence = ClusterEvidence.of(snapshot, wanted);
    look.accept(evidence);
    return Diagnosis.examine(
        new ClusterCase(evidence), rules, Duration.ofNanos(System.nanoTime() - began));
  }

  private static Snapshot read(Path file) throws UsageException {
    try {
      return Bundle.read(file);
    } catch (IOException e) {
      throw new UsageException("--from " + file + " cannot be read: " + words(e));
    }
  }

  void save(Snapshot snapshot, Path file) throws UsageException {
    try {
      Bundle.write(snapshot, file);
      terminal.say("Evidence saved to " + file);
    } catch (IOException e) {
      throw new UsageException("--save " + file + " cannot be written: " + words(e));
    }
  }

  /** The same where something else decides how the program ends. */
  void trySave(Snapshot snapshot, Path file) {
    try {
      save(snapshot, file);
    } catch (UsageException e) {
      terminal.complain(String.valueOf(e.getMessage()));
    }
  }

  /** What a file could not be read or written for. */
  static String words(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file or directory";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException failed when failed.getReason() != null -> failed.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  Snapshot gather(Wanted wanted) throws InterruptedException {
    Clock clock = Clock.systemUTC();
    try (Steps steps = Steps.begin(terminal);
        KubeApi api =
            Connection.open(
                connection.kubeconfig(), connection.context(), ClusterConnection.LIMIT)) {
      return new ClusterGathering(api, wanted, server, clock, steps).gather();
    } catch (KubeException e) {
      return withoutCluster(e, clock);
    }
  }

  private Snapshot withoutCluster(KubeException e, Clock clock) throws InterruptedException {
    Map<Snapshot.Name, Snapshot.ServerAnswers> servers = new LinkedHashMap<>();
    if (server.isPresent()) {
      servers.put(server.get().name(), server.get().ask());
    }
    // Who points to a server and to no cluster does not miss the cluster.
    boolean missed = servers.isEmpty() || connection.names() || Connection.configured();
    return new Snapshot(
        clock.instant(),
        new Observed.Unseen<>(
            missed ? Observed.Reason.FAILED : Observed.Reason.NOT_ASKED, e.asked(), e.answer()),
        Map.of(),
        Map.of(),
        Map.of(),
        servers,
        Map.of());
  }
}
