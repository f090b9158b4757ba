package org.spiredoctor.evidence.cluster;

import static org.spiredoctor.evidence.cluster.ClusterGathering.joined;
import static org.spiredoctor.evidence.cluster.Questions.answer;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.KubeException;

/** Asks a SPIRE server all that is asked of one, with its own program in its pod. */
final class ServerByExec {
  private final ServerCli cli;
  private final Semaphore showing;

  /**
   * @param showing lets entries be shown to so many at a time
   */
  ServerByExec(ServerCli cli, Semaphore showing) {
    this.cli = cli;
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
    Future<Observed<TrustBundle>> bundle = threads.submit(() -> answer(cli::bundle));
    Future<Observed<List<TrustBundle>>> federated = threads.submit(() -> answer(cli::federated));
    Future<Observed<List<FederationRelationship>>> relationships =
        threads.submit(() -> answer(cli::relationships));
    Future<Observed<String>> version = threads.submit(() -> answer(cli::version));
    Future<Observed<ServerInfo>> info = threads.submit(() -> answer(cli::info));
    return new ServerAnswers(
        ServerRoute.exec(cli.name()),
        answer(cli::health),
        joined(agents),
        joined(entries),
        joined(bundle),
        joined(federated),
        joined(relationships),
        joined(version),
        joined(info));
  }
}
