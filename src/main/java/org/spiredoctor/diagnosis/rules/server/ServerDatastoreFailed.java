package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;

/** A server ends because it cannot open its database. */
@AutoService(Rule.class)
public final class ServerDatastoreFailed implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return ServerLogs.examine(
        this,
        cluster,
        line -> line.error().startsWith("datastore-sql:") && line.level().equals("error"),
        (server, line, finding) -> finish(server, line, finding));
  }

  private static Outcome finish(ServerLogs.Sick server, Log.Line line, Finding.Builder finding) {
    boolean schema = line.says("DB schema is too new");
    boolean file =
        Stream.of("unable to open database file", "readonly database", "permission denied")
            .anyMatch(line::says);
    server
        .component()
        .config()
        .value("database_type")
        .ifPresent(type -> finding.seen("configuration of the server", "database_type " + type));
    finding.remedy(
        schema
            ? new Remedy.Advice(
                "Bring the server back to the version that last used this database, or a later"
                    + " one: its data were made for that, and there is no way back")
            : file
                ? new Remedy.Advice(
                    "Let connection_string name a file in a directory that exists in the"
                        + " container, on a volume that its user may write: "
                        + places(server.component()))
                : new Remedy.Advice(
                    "See that the database runs and takes this user, and that connection_string is"
                        + " right"));
    server
        .configMap()
        .ifPresent(
            name ->
                finding.remedy(
                    new Remedy.Command(
                        "See and change it",
                        Kubectl.command(
                            "edit", "configmap", "-n", server.component().namespace(), name))));
    return finding
        .remedy(new Remedy.Command("Then start the server anew", Kubectl.delete(server.pod())))
        .found(
            "The SPIRE server "
                + server.pod().inWords()
                + " cannot open its database: "
                + line.error().replace("datastore-sql: ", ""));
  }

  private static String places(Component server) {
    List<String> mounted =
        server.spire().stream()
            .flatMap(c -> c.mounts().stream())
            .map(mount -> mount.path())
            .toList();
    return mounted.isEmpty() ? "none is mounted" : "mounted are " + String.join(", ", mounted);
  }
}
