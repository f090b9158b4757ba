package org.spiredoctor.evidence.cluster;

import static org.spiredoctor.evidence.cluster.ClusterGathering.joined;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.ServerRoute.By;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.kube.Redaction;
import org.spiredoctor.spire.Credentials;
import org.spiredoctor.spire.CredentialsException;
import org.spiredoctor.spire.server.ServerApi;
import org.spiredoctor.spire.server.ServerException;
import org.spiredoctor.spire.server.SpireServer;

/** Asks a SPIRE server all that is asked of one, over its API. */
public final class ServerByApi {
  private final ServerAccess access;
  private final Duration limit;

  /**
   * @param limit for one answer
   */
  public ServerByApi(ServerAccess access, Duration limit) {
    this.access = access;
    this.limit = limit;
  }

  /** Its name among the servers: it is not known to be a pod. */
  public Name name() {
    return new Name("", access.address());
  }

  /**
   * Opens its API, to change what it has.
   *
   * @param as the SPIFFE ID that it has answered to; for its own socket none
   */
  public SpireServer open(Optional<String> as) throws CredentialsException, InterruptedException {
    return switch (access) {
      case ServerAccess.Local local -> ServerApi.local(local.socket(), limit);
      case ServerAccess.Network network -> {
        List<Credentials> all = network.credentials().fetch();
        Credentials one =
            all.stream()
                .filter(c -> as.filter(c.id().toString()::equals).isPresent())
                .findFirst()
                .orElse(all.getFirst());
        yield ServerApi.network(
            new InetSocketAddress(network.host(), network.port()),
            one,
            network.trustDomain().orElse(one.id().getTrustDomain()),
            limit);
      }
    };
  }

  /** Asks it, and waits for all answers. */
  public ServerAnswers ask() throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return ask(threads);
    }
  }

  ServerAnswers ask(ExecutorService threads) throws InterruptedException {
    return switch (access) {
      case ServerAccess.Local local -> {
        try (SpireServer api = ServerApi.local(local.socket(), limit)) {
          yield answers(threads, api, route(By.SOCKET, Optional.empty()), observe(api::agents));
        }
      }
      case ServerAccess.Network network -> ask(threads, network);
    };
  }

  private ServerAnswers ask(ExecutorService threads, ServerAccess.Network network)
      throws InterruptedException {
    List<Credentials> all;
    try {
      all = network.credentials().fetch();
    } catch (CredentialsException e) {
      return ServerAnswers.none(
          route(By.NETWORK, Optional.empty()),
          new Unseen<>(
              Reason.ABSENT,
              "get an X.509-SVID to ask the SPIRE server at "
                  + access.address()
                  + " with, from "
                  + network.credentials().inWords(),
              Redaction.text(String.valueOf(e.getMessage()))));
    }
    InetSocketAddress address = new InetSocketAddress(network.host(), network.port());
    if (address.isUnresolved()) {
      return ServerAnswers.none(
          route(By.NETWORK, Optional.empty()),
          new Unseen<>(
              Reason.FAILED,
              "find the SPIRE server at " + access.address(),
              "no such host: " + network.host()));
    }
    // An agent may give several identities; it is not known which is an administrator's.
    for (Credentials one : all.subList(0, all.size() - 1)) {
      Optional<ServerAnswers> answers = ask(threads, network, address, one, true);
      if (answers.isPresent()) {
        return answers.get();
      }
    }
    return ask(threads, network, address, all.getLast(), false).orElseThrow();
  }

  /**
   * Asks as one identity.
   *
   * @param orElse whether there is another one; then nothing is returned when this one may not ask
   */
  private Optional<ServerAnswers> ask(
      ExecutorService threads,
      ServerAccess.Network network,
      InetSocketAddress address,
      Credentials as,
      boolean orElse)
      throws InterruptedException {
    try (SpireServer api =
        ServerApi.network(
            address, as, network.trustDomain().orElse(as.id().getTrustDomain()), limit)) {
      Observed<List<Agent>> agents = observe(api::agents);
      boolean refused =
          agents instanceof Unseen<List<Agent>> unseen && unseen.reason() == Reason.FORBIDDEN;
      return orElse && refused
          ? Optional.empty()
          : Optional.of(
              answers(threads, api, route(By.NETWORK, Optional.of(as.id().toString())), agents));
    }
  }

  /** How it is asked, before it is known as whom. */
  ServerRoute route() {
    return route(access instanceof ServerAccess.Local ? By.SOCKET : By.NETWORK, Optional.empty());
  }

  private ServerRoute route(By by, Optional<String> as) {
    return new ServerRoute(by, access.address(), as);
  }

  private ServerAnswers answers(
      ExecutorService threads, SpireServer api, ServerRoute route, Observed<List<Agent>> agents)
      throws InterruptedException {
    if (agents instanceof Unseen<List<Agent>>(Reason reason, String asked, String why)) {
      switch (reason) {
        // Every other question would only wait as long for the same.
        case FAILED -> {
          return ServerAnswers.none(route, new Unseen<>(reason, asked, why));
        }
        case ABSENT -> {
          return ServerAnswers.none(
              route, new Unseen<>(Reason.FAILED, asked, why + "; this is no SPIRE server's API"));
        }
        case FORBIDDEN, NOT_ASKED -> {}
      }
    }
    Future<Observed<List<Entry>>> entries = threads.submit(() -> observe(api::entries));
    Future<Observed<TrustBundle>> bundle = threads.submit(() -> observe(api::bundle));
    Future<Observed<List<TrustBundle>>> federated =
        threads.submit(() -> observe(api::federatedBundles));
    Future<Observed<List<FederationRelationship>>> relationships =
        threads.submit(() -> observe(api::federationRelationships));
    Future<Observed<String>> health = threads.submit(() -> own(route, api::health));
    Future<Observed<ServerInfo>> info = threads.submit(() -> own(route, api::info));
    return new ServerAnswers(
        route,
        joined(health),
        agents,
        joined(entries),
        joined(bundle),
        joined(federated),
        joined(relationships),
        observe(api::version),
        joined(info));
  }

  /** A question that may fail. */
  private interface Question<T> {
    T ask() throws ServerException;
  }

  /** What is answered on the server's own socket only. */
  private static <T> Observed<T> own(ServerRoute route, Question<T> question) {
    return route.by() == By.SOCKET
        ? observe(question)
        : new Unseen<>(
            Reason.NOT_ASKED,
            "ask the SPIRE server at " + route.address() + " about itself",
            "it tells that on its own socket only");
  }

  private static <T> Observed<T> observe(Question<T> question) {
    try {
      return new Seen<>(question.ask());
    } catch (ServerException e) {
      return new Unseen<>(Reason.of(e.reason()), e.asked(), Redaction.text(e.answer()));
    }
  }
}
