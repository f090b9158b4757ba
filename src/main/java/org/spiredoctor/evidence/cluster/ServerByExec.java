package org.spiredoctor.evidence.cluster;

import static org.spiredoctor.evidence.cluster.ClusterGathering.joined;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.Redaction;
import org.spiredoctor.spire.server.ServerException;
import org.spiredoctor.spire.server.SpireServer;

/**
 * Asks a SPIRE server with its own program in its pod. Every question is a process there, and they
 * run at the same time, so only what is needed is asked.
 */
final class ServerByExec {
  private final SpireServer server;
  private final ServerRoute route;
  private final Scope scope;
  private final Semaphore showing;

  /**
   * @param showing lets entries be shown to so many at a time
   */
  ServerByExec(SpireServer server, ServerRoute route, Scope scope, Semaphore showing) {
    this.server = server;
    this.route = route;
    this.scope = scope;
    this.showing = showing;
  }

  private List<Entry> entries() throws ServerException {
    showing.acquireUninterruptibly();
    try {
      return server.entries();
    } finally {
      showing.release();
    }
  }

  ServerAnswers ask(ExecutorService threads) throws InterruptedException {
    Future<Observed<List<Entry>>> entries = threads.submit(() -> answer(this::entries));
    Future<Observed<List<Agent>>> agents = threads.submit(() -> answer(server::agents));
    Future<Observed<List<TrustBundle>>> federated =
        threads.submit(asked(scope.federates(), server::federatedBundles));
    Future<Observed<TrustBundle>> bundle = threads.submit(asked(scope.explains(), server::bundle));
    Future<Observed<List<FederationRelationship>>> relationships =
        threads.submit(asked(scope.describes(), server::federationRelationships));
    Future<Observed<String>> version = threads.submit(asked(scope.describes(), server::version));
    Future<Observed<ServerInfo>> info = threads.submit(asked(scope.describes(), server::info));
    Future<Observed<String>> health = threads.submit(asked(scope.explains(), server::health));
    Observed<List<Agent>> attested = joined(agents);
    Observed<List<Entry>> present = joined(entries);
    return new ServerAnswers(
        route,
        joined(health),
        attested,
        present,
        // Without an agent only its bundle tells the trust domain.
        scope.explains() || !attested.seen().orElse(List.of()).isEmpty()
            ? joined(bundle)
            : answer(server::bundle),
        scope == Scope.VERDICT && anyFederates(present)
            ? answer(server::federatedBundles)
            : joined(federated),
        joined(relationships),
        joined(version),
        joined(info));
  }

  private static boolean anyFederates(Observed<List<Entry>> entries) {
    return entries.seen().orElse(List.of()).stream().anyMatch(e -> !e.federatesWith().isEmpty());
  }

  private interface Question<T> {
    T ask() throws ServerException;
  }

  private static <T> Observed<T> answer(Question<T> question) {
    try {
      return new Seen<>(question.ask());
    } catch (ServerException e) {
      return new Unseen<>(
          // Whoever stops this program has not found anything out.
          Thread.currentThread().isInterrupted() ? Reason.NOT_ASKED : Reason.of(e.reason()),
          e.asked().isEmpty() ? "read the answer" : e.asked(),
          Redaction.text(e.answer()));
    } catch (RuntimeException e) {
      return ParallelQueries.misunderstood(e);
    }
  }

  private static <T> Callable<Observed<T>> asked(boolean needed, Question<T> question) {
    return () ->
        needed
            ? answer(question)
            : new Unseen<>(Reason.NOT_ASKED, "ask the SPIRE server in its pod", "not needed");
  }
}
