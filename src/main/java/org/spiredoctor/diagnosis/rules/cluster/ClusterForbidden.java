package org.spiredoctor.diagnosis.rules.cluster;

import com.google.auto.service.AutoService;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.kube.Kind;

/** This user may not read what the rules need. */
@AutoService(Rule.class)
public final class ClusterForbidden implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    Snapshot snapshot = cluster.evidence().snapshot();
    Set<String> missing = new LinkedHashSet<>();
    for (Kind kind : Kind.values()) {
      if (forbidden(snapshot.objects(kind))) {
        missing.add(
            "permission to list "
                + kind.plural()
                + " in all namespaces; a ClusterRole with this rule gives it: "
                + rule(kind.group(), kind.plural(), "list"));
      }
    }
    snapshot
        .configMaps()
        .forEach(
            (name, map) -> {
              if (forbidden(map)) {
                missing.add(inNamespace("get", "configmaps", name.namespace()));
              }
            });
    snapshot
        .logs()
        .forEach(
            (of, log) -> {
              if (forbidden(log)) {
                missing.add(inNamespace("get", "pods/log", of.namespace()));
              }
            });
    snapshot
        .servers()
        .forEach(
            (name, answers) -> {
              if (forbidden(answers.entries()) || forbidden(answers.agents())) {
                missing.add(
                    switch (answers.route().by()) {
                      // Over a WebSocket an exec was a get before Kubernetes 1.35.
                      case EXEC -> inNamespace("create, get", "pods/exec", name.namespace());
                      case SOCKET, NETWORK -> admin(answers);
                    });
              }
            });
    return missing.isEmpty()
        ? List.of(new Outcome.Passed())
        : missing.stream().<Outcome>map(Outcome.Unknown::new).toList();
  }

  private static String admin(ServerAnswers answers) {
    return "the right to ask the SPIRE server at "
        + answers.route().address()
        + ": "
        + answers.route().as().map(id -> id + " is no administrator there").orElse("it is refused")
        + " ("
        + answers.agents().missing().or(answers.entries()::missing).orElse("")
        + "); an entry with -admin makes it one, or admin_ids in the server's configuration";
  }

  private static boolean forbidden(Observed<?> observed) {
    return observed instanceof Observed.Unseen<?> unseen && unseen.reason() == Reason.FORBIDDEN;
  }

  private static String inNamespace(String verbs, String resource, String namespace) {
    return "permission to "
        + verbs.replace(", ", " and ")
        + " "
        + resource
        + " in namespace "
        + namespace
        + "; a Role there with this rule gives it: "
        + rule("", resource, verbs);
  }

  /** As a line of a Role's {@code rules}. */
  private static String rule(String group, String resource, String verbs) {
    return "{apiGroups: [\""
        + group
        + "\"], resources: ["
        + resource
        + "], verbs: ["
        + verbs
        + "]}";
  }
}
