package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.kube.Owner;
import org.spiredoctor.kube.Pod;

/** Replicas of one server, each with a database of its own: they are several servers. */
@AutoService(Rule.class)
public final class ServerDatastoreNotShared implements Rule {
  /** What is younger may have been created between the answers. */
  private static final Duration SETTLED = Duration.ofMinutes(1);

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

  /** What a replica says, and what is only there. */
  private record Said(String pod, List<Entry> entries, List<Entry> alone) {}

  /** Replicas of which one has had entries for a while that another does not have. */
  private Optional<Outcome> differing(ClusterCase cluster, Component server) {
    Map<Name, List<Entry>> said = new LinkedHashMap<>();
    for (Pod pod : server.pods()) {
      Name name = new Name(pod.meta().namespace(), pod.meta().name());
      Optional.ofNullable(cluster.evidence().snapshot().servers().get(name))
          .flatMap(answers -> answers.entries().seen())
          .ifPresent(entries -> said.put(name, entries));
    }
    if (said.size() < 2) {
      return Optional.empty();
    }
    List<Said> all = compared(said, cluster.evidence().at().minus(SETTLED));
    return all.stream().allMatch(one -> one.alone().isEmpty())
        ? Optional.empty()
        : Optional.of(differing(cluster, server, all));
  }

  private static List<Said> compared(Map<Name, List<Entry>> said, Instant settled) {
    Map<String, Integer> times = new HashMap<>();
    said.values().stream()
        .flatMap(entries -> entries.stream().map(Entry::id).distinct())
        .forEach(id -> times.merge(id, 1, Integer::sum));
    List<Said> all = new ArrayList<>();
    said.forEach(
        (pod, entries) ->
            all.add(
                new Said(
                    pod.namespace() + "/" + pod.name(),
                    entries,
                    entries.stream()
                        .filter(entry -> times.getOrDefault(entry.id(), 0) < said.size())
                        .filter(entry -> entry.createdAt().filter(settled::isAfter).isPresent())
                        .toList())));
    return all;
  }

  private Outcome differing(ClusterCase cluster, Component server, List<Said> all) {
    Finding.Builder finding = Finding.error(this, Subject.of(server), cluster.scope(server));
    all.forEach(
        one ->
            finding.seen(
                "pod " + one.pod(),
                one.entries().size()
                    + " entries"
                    + one.alone().stream()
                        .findFirst()
                        .map(entry -> ", and not in every replica: " + entry.inWords())
                        .orElse("")));
    return finding
        .remedy(
            new Remedy.Advice(
                "Let all replicas use one database: compare the DataStore plugin of their"
                    + " configurations, and the pods that were started before it was changed"))
        .found(
            "The replicas of the SPIRE server do not have the same entries, so they do not share a"
                + " database: what one knows another denies");
  }
}
