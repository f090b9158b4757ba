package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.ServerData;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.TrustBundle;
import org.spiredoctor.identity.TrustBundle.JwtAuthority;
import org.spiredoctor.identity.TrustBundle.X509Authority;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;

/**
 * Replicas of one server, or servers behind one address, each with a database of its own: they are
 * several servers.
 */
@AutoService(Rule.class)
public final class ServerDatastoreNotShared implements Rule {
  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(cluster.evidence().pods(), _ -> outcomes(cluster));
  }

  private List<Outcome> outcomes(ClusterCase cluster) {
    List<Outcome> found = new ArrayList<>();
    for (InstallationCase one : cluster.installations()) {
      List<Component> servers = one.installation().servers();
      List<Outcome> alone =
          servers.stream().flatMap(server -> judge(cluster, one, List.of(server))).toList();
      found.addAll(alone);
      if (alone.isEmpty() && servers.size() > 1) {
        judge(cluster, one, servers).forEach(found::add);
      }
    }
    return found;
  }

  private Stream<Outcome> judge(
      ClusterCase cluster, InstallationCase one, List<Component> servers) {
    return split(cluster, one, servers).or(() -> differing(cluster, one, servers)).stream();
  }

  /** A replica, and what holds its database. */
  private record Replica(Pod pod, String file, Optional<String> place) {
    static Stream<Replica> of(Component server) {
      return ServerData.databaseFile(server).stream()
          .flatMap(
              file ->
                  server.pods().stream()
                      .filter(Pod::ready)
                      .map(pod -> new Replica(pod, file, ServerData.place(server, pod, file))));
    }
  }

  private Optional<Outcome> split(
      ClusterCase cluster, InstallationCase one, List<Component> servers) {
    // While a deployment is rolled out, two run for a moment.
    boolean several =
        servers.size() > 1
            || servers.getFirst().owner().filter(its -> its.wanted() > 1).isPresent();
    List<Replica> ready = servers.stream().flatMap(Replica::of).toList();
    boolean certain = ready.stream().allMatch(replica -> replica.place().isPresent());
    return several && certain && ready.stream().map(Replica::place).distinct().count() > 1
        ? Optional.of(finding(cluster, one, servers, ready))
        : Optional.empty();
  }

  private Outcome finding(
      ClusterCase cluster, InstallationCase one, List<Component> servers, List<Replica> ready) {
    Finding.Builder finding =
        Finding.error(this, Subject.of(servers.getFirst()), cluster.scope(one))
            .seen(
                "configuration of the server",
                "database_type sqlite3, connection_string " + ready.getFirst().file());
    ready.stream()
        .limit(3)
        .forEach(
            replica -> finding.seen("pod " + replica.pod().inWords(), replica.place().orElse("")));
    Optional<PodOwner> owner = servers.size() == 1 ? servers.getFirst().owner() : Optional.empty();
    return finding
        .remedy(
            owner
                .<Remedy>map(
                    its ->
                        new Remedy.Command(
                            "Run one replica; entries and agents that only the others have are"
                                + " gone then",
                            Kubectl.scaleToOne(its)))
                .orElseGet(
                    () ->
                        new Remedy.Advice(
                            "Let the agents' address lead to one of them only: "
                                + servers.stream()
                                    .map(Component::inWords)
                                    .collect(Collectors.joining(", "))
                                + ". Entries and agents that only the others have are gone then")))
        .remedy(
            new Remedy.Advice(
                "For several replicas use a database that they share: database_type postgres or"
                    + " mysql, with its connection_string"))
        .found(
            ready.size()
                + " ready "
                + (servers.size() == 1
                    ? "replicas of the SPIRE server"
                    : "SPIRE servers at one address")
                + " do not share a database: each has its own entries, agents and CA, so what one"
                + " knows the other denies");
  }

  /**
   * Replicas that publish other keys: with one database the bundle has those of all of them, and a
   * rotation only adds to it. Entries would not do: one may be deleted between the answers.
   */
  private Optional<Outcome> differing(
      ClusterCase cluster, InstallationCase one, List<Component> servers) {
    Map<String, ServerAnswers> said = new LinkedHashMap<>();
    for (Component server : servers) {
      for (Pod pod : server.pods()) {
        Name name = new Name(pod.meta().namespace(), pod.meta().name());
        Optional.ofNullable(cluster.evidence().snapshot().servers().get(name))
            .filter(answers -> answers.bundle().seen().isPresent())
            .ifPresent(answers -> said.put(pod.inWords(), answers));
      }
    }
    List<TrustBundle> bundles =
        said.values().stream().flatMap(answers -> answers.bundle().seen().stream()).toList();
    boolean apart = bundles.stream().skip(1).anyMatch(other -> areApart(bundles.getFirst(), other));
    return apart ? Optional.of(differing(cluster, one, servers, said)) : Optional.empty();
  }

  private static boolean areApart(TrustBundle one, TrustBundle other) {
    return areApart(one.jwtAuthorities(), other.jwtAuthorities(), JwtAuthority::keyId)
        || areApart(one.x509Authorities(), other.x509Authorities(), X509Authority::sha256);
  }

  private static <T> boolean areApart(List<T> some, List<T> others, Function<T, String> id) {
    Set<String> ids = some.stream().map(id).collect(Collectors.toSet());
    return !some.isEmpty() && !others.isEmpty() && others.stream().map(id).noneMatch(ids::contains);
  }

  private Outcome differing(
      ClusterCase cluster,
      InstallationCase one,
      List<Component> servers,
      Map<String, ServerAnswers> said) {
    Finding.Builder finding =
        Finding.error(this, Subject.of(servers.getFirst()), cluster.scope(one));
    said.forEach(
        (pod, answers) ->
            finding.seen(
                "pod " + pod,
                answers.entries().seen().map(List::size).map(n -> n + " entries, ").orElse("")
                    + "JWT keys "
                    + answers.bundle().seen().stream()
                        .flatMap(bundle -> bundle.jwtAuthorities().stream())
                        .map(JwtAuthority::keyId)
                        .limit(3)
                        .collect(Collectors.joining(", "))));
    return finding
        .remedy(
            new Remedy.Advice(
                "Let all replicas use one database: compare the DataStore plugin of their"
                    + " configurations, and the pods that were started before it was changed"))
        .found(
            "The replicas of the SPIRE server publish bundles that have no key in common, so they"
                + " do not share a database: what one knows another denies");
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.AUTHORITIES_REPLACED, Effect.AGENT_REFUSED, Effect.ENTRY_NOT_SERVED);
  }
}
