package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.ServerData;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;

/** A server ends because it cannot open its database. */
@AutoService(Rule.class)
public final class ServerDatastoreFailed implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return ServerPod.unready(
        cluster,
        server ->
            server
                .last(
                    line ->
                        line.error().startsWith("datastore-sql:") && line.level().equals("error"))
                .map(line -> finding(server, line)));
  }

  private Outcome finding(ServerPod server, Log.Line line) {
    ClusterEvidence evidence = server.cluster().evidence();
    Finding.Builder finding = server.begin(this, Severity.ERROR).said(server.pod(), line);
    String settings =
        Stream.of("database_type", "connection_string")
            .flatMap(
                name ->
                    ServerData.setting(server.component(), name).map(v -> name + " " + v).stream())
            .collect(Collectors.joining(", "));
    if (!settings.isEmpty()) {
      finding.seen("configuration of the server", settings);
    }
    Optional<NotWritable> closed =
        ServerData.databaseFile(server.component())
            .filter(_ -> Stream.of("readonly database", "permission denied").anyMatch(line::says))
            .map(file -> NotWritable.of(evidence, server.component(), server.pod(), file));
    closed.ifPresentOrElse(
        it -> it.quote(finding).remedy(it.remedy()), () -> setting(server, line, finding));
    return finding
        .remedy(new Remedy.Command("Then restart the server", Kubectl.delete(server.pod())))
        .found(
            "The SPIRE server "
                + server.pod().inWords()
                + " cannot open its database: "
                + line.error().replace("datastore-sql: ", ""));
  }

  /** What has to be corrected in the configuration, or outside of it. */
  private static void setting(ServerPod server, Log.Line line, Finding.Builder finding) {
    finding.remedy(new Remedy.Advice(advice(server.component(), line)));
    ConfigEdit.of(server.cluster().evidence(), server.component())
        .map(ConfigEdit::configMap)
        .ifPresent(
            name ->
                finding.remedy(
                    new Remedy.Command(
                        "See and change it",
                        Kubectl.editConfigMap(server.component().namespace(), name))));
  }

  private static String advice(Component server, Log.Line line) {
    if (line.says("DB schema is too new")) {
      return "Bring the server back to the version that last used this database, or a later one:"
          + " its data were made for that, and there is no way back";
    }
    if (saysOne(line, "unable to open database file", "readonly database", "permission denied")) {
      return "Let connection_string name a file in a directory that exists in the container, on a"
          + " volume that its user may write: "
          + places(server);
    }
    if (saysOne(line, "no such host", "server misbehaving")) {
      return "The database's host name is not known in the cluster's DNS: correct host in"
          + " connection_string, or create the Service of that name";
    }
    if (line.says("connection refused")) {
      return "Nothing listens at the database's address: start the database, or correct host and"
          + " port in connection_string";
    }
    if (saysOne(line, "i/o timeout", "context deadline exceeded")) {
      return "The database's address does not answer: see that no network policy or firewall lies"
          + " between, and that host and port in connection_string are right";
    }
    if (saysOne(line, "password", "Access denied for user")) {
      return "The database refuses this user or its password: correct user and password in"
          + " connection_string, or where the server takes them from";
    }
    return "See that the database runs and takes this user, and that connection_string is right";
  }

  private static boolean saysOne(Log.Line line, String... words) {
    return Stream.of(words).anyMatch(line::says);
  }

  private static String places(Component server) {
    List<String> mounted =
        server.spire().stream()
            .flatMap(c -> c.mounts().stream())
            .map(mount -> mount.path())
            .toList();
    return mounted.isEmpty() ? "none is mounted" : "mounted are " + String.join(", ", mounted);
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(
        Effect.SERVER_DOWN, Effect.AGENT_ABSENT, Effect.AGENT_NOT_READY, Effect.DATASTORE_UNUSABLE);
  }
}
