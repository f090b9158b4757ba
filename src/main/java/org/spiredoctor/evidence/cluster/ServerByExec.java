package org.spiredoctor.evidence.cluster;

import static org.spiredoctor.evidence.cluster.ClusterGathering.joined;
import static org.spiredoctor.evidence.cluster.ParallelQueries.answer;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.ParallelQueries.Question;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.KubeException;

/**
 * Asks a SPIRE server with its own program in its pod. Every question is a process there, and they
 * run at the same time, so only what is needed is asked.
 */
final class ServerByExec {
  private final ServerCli cli;
  private final Scope scope;
  private final Semaphore showing;

  /**
   * @param showing lets entries be shown to so many at a time
   */
  ServerByExec(ServerCli cli, Scope scope, Semaphore showing) {
    this.cli = cli;
    this.scope = scope;
    this.showing = showing;
  }

  private List<Entry> entries() throws KubeException, IOException {
    showing.acquireUninterruptibly();
    try {
      return cli.entries();
    } finally {
      showing.release();
    }
  }

  ServerAnswers ask(ExecutorService threads) throws InterruptedException {
    Future<Observed<List<Entry>>> entries = threads.submit(() -> answer(this::entries));
    Future<Observed<List<Agent>>> agents = threads.submit(() -> answer(cli::agents));
    Future<Observed<List<TrustBundle>>> federated =
        threads.submit(asked(scope.federates(), cli::federated));
    Future<Observed<TrustBundle>> bundle = threads.submit(asked(scope.explains(), cli::bundle));
    Future<Observed<List<FederationRelationship>>> relationships =
        threads.submit(asked(scope.describes(), cli::relationships));
    Future<Observed<String>> version = threads.submit(asked(scope.describes(), cli::version));
    Future<Observed<ServerInfo>> info = threads.submit(asked(scope.describes(), cli::info));
    Future<Observed<String>> health = threads.submit(asked(scope.explains(), cli::health));
    Observed<List<Agent>> attested = joined(agents);
    Observed<List<Entry>> present = joined(entries);
    return new ServerAnswers(
        ServerRoute.exec(cli.name()),
        joined(health),
        attested,
        present,
        // Without an agent only its bundle tells the trust domain.
        scope.explains() || !attested.seen().orElse(List.of()).isEmpty()
            ? joined(bundle)
            : answer(cli::bundle),
        scope == Scope.VERDICT && anyFederates(present)
            ? answer(cli::federated)
            : joined(federated),
        joined(relationships),
        joined(version),
        joined(info));
  }

  private static boolean anyFederates(Observed<List<Entry>> entries) {
    return entries.seen().orElse(List.of()).stream().anyMatch(e -> !e.federatesWith().isEmpty());
  }

  private static <T> Callable<Observed<T>> asked(boolean needed, Question<T> question) {
    return () ->
        needed
            ? answer(question)
            : new Unseen<>(Reason.NOT_ASKED, "ask the SPIRE server in its pod", "not needed");
  }
}
