package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
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
import org.spiredoctor.kube.Owner;
import org.spiredoctor.kube.Pod;

/** Replicas of one server, each with a database of its own: they are several servers. */
@AutoService(Rule.class)
public final class ServerDatastoreNotShared implements Rule {
  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    Optional<String> missing = cluster.evidence().pods().missing();
    if (missing.isPresent()) {
      return List.of(new Outcome.Unknown(missing.get()));
    }
    List<Outcome> found =
        cluster.evidence().servers().stream()
            .flatMap(server -> split(cluster, server).or(() -> differing(cluster, server)).stream())
            .toList();
    return found.isEmpty() ? List.of(new Outcome.Passed()) : found;
  }

  private Optional<Outcome> split(ClusterCase cluster, Component server) {
    // While a deployment is rolled out, two run for a moment.
    Optional<Owner> owner = server.owner().filter(its -> its.wanted() > 1);
    List<Pod> ready = server.pods().stream().filter(Pod::ready).toList();
    Optional<String> file = ServerData.databaseFile(server);
    if (owner.isEmpty() || file.isEmpty() || ready.size() < 2) {
      return Optional.empty();
    }
    List<Optional<String>> places =
        ready.stream().map(pod -> ServerData.place(server, pod, file.get())).toList();
    boolean certain = places.stream().allMatch(Optional::isPresent);
    return certain && places.stream().distinct().count() > 1
        ? Optional.of(finding(cluster, server, owner.get(), ready, file.get()))
        : Optional.empty();
  }

  private Outcome finding(
      ClusterCase cluster, Component server, Owner owner, List<Pod> ready, String file) {
    Finding.Builder finding =
        Finding.error(this, Subject.of(server), cluster.scope(server))
            .seen(
                "configuration of the server", "database_type sqlite3, connection_string " + file);
    ready.stream()
        .limit(3)
        .forEach(
            pod ->
                finding.seen(
                    "pod " + pod.inWords(), ServerData.place(server, pod, file).orElse("")));
    return finding
        .remedy(
            new Remedy.Command(
                "Run one replica; entries and agents that only the others have are gone then",
                Kubectl.command(
                    "scale",
                    "-n",
                    owner.meta().namespace(),
                    Kubectl.kindAndName(owner),
                    "--replicas=1")))
        .remedy(
            new Remedy.Advice(
                "For several replicas use a database that they share: database_type postgres or"
                    + " mysql, with its connection_string"))
        .found(
            ready.size()
                + " ready replicas of the SPIRE server do not share a database: each has its own"
                + " entries, agents and CA, so what one knows the other denies");
  }

  /**
   * Replicas that publish other keys: with one database the bundle has those of all of them, and a
   * rotation only adds to it. Entries would not do: one may be deleted between the answers.
   */
  private Optional<Outcome> differing(ClusterCase cluster, Component server) {
    Map<String, ServerAnswers> said = new LinkedHashMap<>();
    for (Pod pod : server.pods()) {
      Name name = new Name(pod.meta().namespace(), pod.meta().name());
      Optional.ofNullable(cluster.evidence().snapshot().servers().get(name))
          .filter(answers -> answers.bundle().seen().isPresent())
          .ifPresent(answers -> said.put(pod.inWords(), answers));
    }
    List<TrustBundle> bundles =
        said.values().stream().flatMap(answers -> answers.bundle().seen().stream()).toList();
    boolean apart = bundles.stream().skip(1).anyMatch(other -> areApart(bundles.getFirst(), other));
    return apart ? Optional.of(differing(cluster, server, said)) : Optional.empty();
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
      ClusterCase cluster, Component server, Map<String, ServerAnswers> said) {
    Finding.Builder finding = Finding.error(this, Subject.of(server), cluster.scope(server));
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
}
