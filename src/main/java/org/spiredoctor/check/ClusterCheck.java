package org.spiredoctor.check;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.spiredoctor.console.FileFailure;
import org.spiredoctor.console.ProgressLine;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.Bundle;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterGathering;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Scope;
import org.spiredoctor.evidence.cluster.ServerByApi;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.kube.Connection;
import org.spiredoctor.kube.KubeApi;
import org.spiredoctor.kube.KubeException;

/** {@code check} from outside of the pods. */
public final class ClusterCheck implements AutoCloseable {
  private final ClusterAccess access;
  private final Optional<ServerByApi> server;
  private final Terminal terminal;
  private Optional<Snapshot> last = Optional.empty();
  private Optional<OpenCluster> kept = Optional.empty();
  private boolean hintIgnored;
  private volatile Optional<ClusterGathering> gathering = Optional.empty();

  /** Reaches nothing yet; what it says is said on the terminal. */
  public ClusterCheck(ClusterAccess access, Terminal terminal) {
    this.access = access;
    this.server = access.server().map(way -> new ServerByApi(way, ClusterAccess.LIMIT));
    this.terminal = terminal;
  }

  /**
   * Examines once.
   *
   * @param from examined instead of the cluster
   * @param scope how much is looked at
   * @param look is shown what was seen
   */
  public Report run(
      Optional<SavedBundle> from,
      ClusterQuery query,
      Scope scope,
      List<Rule> rules,
      Consumer<ClusterEvidence> look)
      throws InterruptedException, UsageException {
    try {
      return examined(from, query, scope, rules, look);
    } finally {
      gathering = Optional.empty();
    }
  }

  private Report examined(
      Optional<SavedBundle> from,
      ClusterQuery query,
      Scope scope,
      List<Rule> rules,
      Consumer<ClusterEvidence> look)
      throws InterruptedException, UsageException {
    long began = System.nanoTime();
    ClusterEvidence evidence =
        from.isPresent()
            ? ClusterEvidence.of(from.get().read(), query)
            : gather(query, scope, false);
    last = Optional.of(evidence.gathered());
    hint(evidence);
    look.accept(evidence);
    return Diagnosis.examine(new ClusterCase(evidence), rules)
        .after(Duration.ofNanos(System.nanoTime() - began));
  }

  /** What is seen of the cluster now. */
  public ClusterEvidence look(ClusterQuery query) throws InterruptedException {
    ClusterEvidence evidence = gather(query);
    hint(evidence);
    return evidence;
  }

  /** So much of it. */
  public ClusterEvidence look(ClusterQuery query, Scope scope) throws InterruptedException {
    return gather(query, scope, false);
  }

  /** So much of it, for changes that follow: the connection is kept until this is closed. */
  public ClusterEvidence lookBeforeChanges(ClusterQuery query, Scope scope)
      throws InterruptedException {
    ClusterEvidence evidence = gather(query, scope, true);
    hint(evidence);
    return evidence;
  }

  /** The connection that was kept; absent where the cluster was not reached. */
  public Optional<OpenCluster> kept() {
    return kept;
  }

  /** All that may explain what was seen in part: looks again where the cluster was reached. */
  public ClusterCase whole(ClusterCase seen) throws InterruptedException {
    return seen.evidence().snapshot().cluster().seen().isPresent()
        ? new ClusterCase(look(seen.evidence().query()))
        : seen;
  }

  private void hint(ClusterEvidence evidence) {
    evidence.ignoredHint().filter(_ -> !hintIgnored).ifPresent(this::ignored);
  }

  /** Once, though a cluster is looked at again and again. */
  private void ignored(String namespace) {
    hintIgnored = true;
    terminal.complain(
        "the variable NS names the namespace "
            + namespace
            + ", where no SPIRE was found: SPIRE is looked for in all namespaces"
            + " (--spire-namespace names it)");
  }

  /**
   * Saves what was examined last, where that is wanted. Evidence of nothing does not replace what
   * an earlier check has saved.
   *
   * @return false when it could not be written
   */
  public boolean save(Optional<Path> file) {
    if (file.isEmpty() || last.isEmpty()) {
      return true;
    }
    if (unreached(last.get()).isPresent()) {
      terminal.complain("the cluster was not reached; " + file.get() + " was left unchanged");
      return true;
    }
    return trySave("--save", last.get(), file.get());
  }

  /** Why nothing was seen, neither of the cluster nor of a server; absent when something was. */
  public static Optional<String> unreached(Snapshot snapshot) {
    return snapshot.cluster() instanceof Observed.Unseen<String> unseen
            && snapshot.servers().isEmpty()
        ? Optional.of(unseen.why())
        : Optional.empty();
  }

  /**
   * Saves evidence, and complains where that fails.
   *
   * @param who wants it, as the user wrote it
   * @return whether it was written
   */
  public boolean trySave(String who, Snapshot snapshot, Path file) {
    try {
      Bundle.write(snapshot, file);
      terminal.say("Evidence saved to " + file);
      return true;
    } catch (IOException e) {
      terminal.complain(
          who
              + " "
              + file
              + " was not written, and nothing was changed there: "
              + FileFailure.inWords(e));
      return false;
    }
  }

  /**
   * Ends the looking: what is known by now is examined.
   *
   * @return false when nothing is under way
   */
  public boolean stop() {
    gathering.ifPresent(ClusterGathering::stop);
    return gathering.isPresent();
  }

  /** Looks, and says nothing of it. */
  public ClusterEvidence gather(ClusterQuery query) throws InterruptedException {
    return gather(query, Scope.EVERYTHING, false);
  }

  private ClusterEvidence gather(ClusterQuery query, Scope scope, boolean keep)
      throws InterruptedException {
    try (ProgressLine progress = ProgressLine.begin(terminal)) {
      if (keep) {
        OpenCluster open = OpenCluster.open(access);
        kept = Optional.of(open);
        return gather(open.api(), query, scope, progress);
      }
      try (KubeApi api = access.open(ClusterAccess.LIMIT)) {
        return gather(api, query, scope, progress);
      }
    } catch (KubeException e) {
      return ClusterEvidence.of(withoutCluster(e, Clock.systemUTC()), query);
    }
  }

  private ClusterEvidence gather(
      KubeApi api, ClusterQuery query, Scope scope, ProgressLine progress)
      throws InterruptedException {
    ClusterGathering now = new ClusterGathering(api, query, server, Clock.systemUTC(), progress);
    gathering = Optional.of(now);
    return now.gather(scope);
  }

  private Snapshot withoutCluster(KubeException e, Clock clock) throws InterruptedException {
    Map<Snapshot.Name, Snapshot.ServerAnswers> servers = new LinkedHashMap<>();
    if (server.isPresent()) {
      servers.put(server.get().name(), server.get().ask());
    }
    // Who points to a server and to no cluster does not miss the cluster.
    boolean missed = servers.isEmpty() || access.namesCluster() || Connection.configured();
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

  @Override
  public void close() {
    kept.ifPresent(OpenCluster::close);
  }
}
