package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Owner;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Volume;

/**
 * Several replicas of a server keep their data in an SQLite file each: agents and entries that one
 * knows the others do not know, and a Service leads to any of them.
 */
@AutoService(Rule.class)
public final class ServerDatastoreNotShared implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    Optional<String> missing = cluster.evidence().pods().missing();
    if (missing.isPresent()) {
      return List.of(new Outcome.Unknown(missing.get()));
    }
    List<Outcome> found = new ArrayList<>();
    for (Component server : cluster.evidence().servers()) {
      List<Pod> ready = server.pods().stream().filter(Pod::ready).toList();
      if (ready.size() > 1 && isSqlite(server)) {
        keptIn(server).ifPresent(where -> found.add(finding(cluster, server, ready, where)));
      }
    }
    return found.isEmpty() ? List.of(new Outcome.Passed()) : List.copyOf(found);
  }

  private static boolean isSqlite(Component server) {
    return server
        .config()
        .value("plugins", "DataStore", "sql", "plugin_data", "database_type")
        .filter("sqlite3"::equals)
        .isPresent();
  }

  /** What of its own each replica has the file in; absent where it may be one that all have. */
  private static Optional<String> keptIn(Component server) {
    String file =
        server
            .config()
            .value("plugins", "DataStore", "sql", "plugin_data", "connection_string")
            .filter(path -> path.startsWith("/"))
            .orElse("");
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Volume volume = server.volume(file).orElse(null);
    return switch (volume) {
      case null -> Optional.of("its container's own file system");
      case Volume.Other other when other.kind().equals("emptyDir") ->
          Optional.of("an emptyDir, volume " + other.name());
      // Not in the template: of a claim template, which makes one for each replica.
      case Volume.Other other when other.kind().equals("persistentVolumeClaim") ->
          server
              .owner()
              .filter(owner -> owner.kind().equals("StatefulSet"))
              .filter(owner -> owner.template().volume(other.name()).isEmpty())
              .map(_ -> "a claim of its own, volume " + other.name());
      case Volume.HostPath _, Volume.Csi _, Volume.ConfigMap _, Volume.Tokens _, Volume.Other _ ->
          Optional.empty();
    };
  }

  private Outcome finding(ClusterCase cluster, Component server, List<Pod> ready, String where) {
    Finding.Builder finding =
        cluster
            .name(
                cluster.home(server),
                Finding.error(this, Subject.of(server), cluster.scope(server)))
            .seen(server.inWords(), ready.size() + " replicas are ready")
            .seen("configuration of the server", "database_type sqlite3")
            .seen("database of each replica", "in " + where);
    server.owner().ifPresent(owner -> finding.remedy(oneReplica(owner)));
    return finding
        .remedy(
            new Remedy.Advice(
                "To have several, give all of them one database, PostgreSQL or MySQL"
                    + " (database_type, connection_string)"))
        .found(
            "The replicas of the SPIRE server each have a database of their own: what one of them"
                + " is told, the others do not know");
  }

  private static Remedy oneReplica(Owner owner) {
    return new Remedy.Command(
        "Go back to one replica; entries that only others have are to be made again",
        Kubectl.command(
            "scale", "-n", owner.meta().namespace(), Kubectl.kindAndName(owner), "--replicas=1"));
  }
}
