package org.spiredoctor.evidence.cluster;

import static org.spiredoctor.evidence.cluster.ClusterGathering.joined;
import static org.spiredoctor.evidence.cluster.ClusterGathering.observe;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;

/** Asks a SPIRE server all that is asked of one, with its own program in its pod. */
final class ServerByExec {
  private final ServerCli cli;

  ServerByExec(ServerCli cli) {
    this.cli = cli;
  }

  ServerAnswers ask(ExecutorService threads) throws InterruptedException {
    Future<Observed<List<Entry>>> entries = threads.submit(() -> observe(cli::entries));
    Future<Observed<List<Agent>>> agents = threads.submit(() -> observe(cli::agents));
    Future<Observed<TrustBundle>> bundle = threads.submit(() -> observe(cli::bundle));
    Future<Observed<List<TrustBundle>>> federated = threads.submit(() -> observe(cli::federated));
    Future<Observed<List<FederationRelationship>>> relationships =
        threads.submit(() -> observe(cli::relationships));
    Future<Observed<String>> version = threads.submit(() -> observe(cli::version));
    Future<Observed<ServerInfo>> info = threads.submit(() -> observe(cli::info));
    return new ServerAnswers(
        ServerRoute.exec(cli.name()),
        observe(cli::health),
        joined(agents),
        joined(entries),
        joined(bundle),
        joined(federated),
        joined(relationships),
        joined(version),
        joined(info));
  }
}
