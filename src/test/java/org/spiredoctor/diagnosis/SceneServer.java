package org.spiredoctor.diagnosis;

import static org.spiredoctor.diagnosis.ClusterScene.NOW;
import static org.spiredoctor.diagnosis.ClusterScene.authority;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.ServerRoute;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.identity.TrustBundle;

/** What the SPIRE servers of a {@link ClusterScene} answer. */
public abstract class SceneServer extends SceneConfigs {
  final Map<Name, ServerAnswers> others = new LinkedHashMap<>();
  final List<Entry> entries = new ArrayList<>();
  final List<Agent> agents = new ArrayList<>();
  Optional<Unseen<String>> serverFails = Optional.empty();
  Optional<Unseen<List<Entry>>> entriesFail = Optional.empty();
  Optional<ServerRoute> route = Optional.empty();
  TrustBundle bundle = bundle();
  List<TrustBundle> federated = List.of();

  /** What another server says. */
  public ClusterScene otherServer(
      String namespace, String pod, List<Agent> itsAgents, List<Entry> itsEntries) {
    Name name = new Name(namespace, pod);
    String domain =
        itsAgents.stream()
            .findFirst()
            .map(agent -> SpiffeIds.trustDomain(agent.id()))
            .orElse("example.org");
    TrustBundle its =
        new TrustBundle(
            domain, bundle().x509Authorities(), bundle().jwtAuthorities(), 1, Optional.empty());
    others.put(name, said(ServerRoute.exec(name), itsAgents, itsEntries, its));
    return self();
  }

  /** Another server does not say anything. */
  public ClusterScene otherServerFails(String namespace, String pod, Reason reason, String why) {
    Name name = new Name(namespace, pod);
    others.put(
        name,
        ServerAnswers.none(
            ServerRoute.exec(name), new Unseen<>(reason, "run spire-server in its pod", why)));
    return self();
  }

  /** Over the network, as somebody. */
  public ClusterScene askedAt(String address, String as) {
    route = Optional.of(new ServerRoute(ServerRoute.By.NETWORK, address, Optional.of(as)));
    return self();
  }

  /** On the server's own socket. */
  public ClusterScene askedOn(String socket) {
    route = Optional.of(new ServerRoute(ServerRoute.By.SOCKET, socket, Optional.empty()));
    return self();
  }

  /** What the server says when it is asked. */
  public ClusterScene serverFails(Reason reason, String why) {
    serverFails = Optional.of(new Unseen<>(reason, "run spire-server in its pod", why));
    return self();
  }

  /** The server says everything but its entries. */
  public ClusterScene entriesFail(String why) {
    entriesFail = Optional.of(new Unseen<>(Reason.FAILED, "read the answer", why));
    return self();
  }

  /** Replaces the entry of the pod. */
  public ClusterScene webEntry(Entry... instead) {
    entries.removeIf(e -> e.id().equals("web"));
    entries.addAll(List.of(instead));
    return self();
  }

  /** Replaces all entries. */
  public ClusterScene entries(Entry... all) {
    entries.clear();
    entries.addAll(List.of(all));
    return self();
  }

  /** Replaces the agents that the server knows. */
  public ClusterScene attested(Agent... all) {
    agents.clear();
    agents.addAll(List.of(all));
    return self();
  }

  ServerAnswers answers() {
    ServerRoute asked = route.orElse(ServerRoute.exec(new Name("spire-system", "spire-server-0")));
    return serverFails
        .map(why -> ServerAnswers.none(asked, why))
        .orElseGet(() -> said(asked, List.copyOf(agents), List.copyOf(entries), bundle));
  }

  ServerAnswers said(
      ServerRoute asked, List<Agent> itsAgents, List<Entry> itsEntries, TrustBundle its) {
    return new ServerAnswers(
        asked,
        new Seen<>("Server is healthy."),
        new Seen<>(itsAgents),
        entriesFail.<Observed<List<Entry>>>map(failed -> failed).orElse(new Seen<>(itsEntries)),
        new Seen<>(its),
        new Seen<>(federated),
        new Seen<>(List.of()),
        new Seen<>("1.15.3"),
        new Seen<>(
            new ServerInfo(
                Duration.ofDays(3),
                List.of(
                    new ServerInfo.Certificate(
                        "spiffe://" + its.trustDomain() + "/spire/server",
                        "O=SPIRE,C=US",
                        Optional.of(NOW.plus(Duration.ofHours(1))))))));
  }

  /** The server's own bundle is another one. */
  public ClusterScene bundle(TrustBundle other) {
    this.bundle = other;
    return self();
  }

  /** The bundles that the server has of other trust domains. */
  public ClusterScene federated(TrustBundle... all) {
    this.federated = List.of(all);
    return self();
  }

  static TrustBundle bundle() {
    return new TrustBundle(
        "example.org",
        List.of(authority(NOW.minus(Duration.ofHours(1)), NOW.plus(Duration.ofHours(23)), false)),
        List.of(
            new TrustBundle.JwtAuthority(
                "nKkrHJNk", Optional.of(NOW.plus(Duration.ofHours(23))), false)),
        1,
        Optional.empty());
  }
}
