package org.spiredoctor.diagnosis.rules.cluster;

import com.google.auto.service.AutoService;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Discovery;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.evidence.cluster.Workloads;
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
              if (forbidden(map) && isOfSpire(cluster, name)) {
                missing.add(inNamespace("get", "configmaps", name.namespace()));
              }
            });
    snapshot
        .logs()
        .forEach(
            (of, log) -> {
              if (forbidden(log) && !isOptional(cluster, of)) {
                missing.add(inNamespace("get", "pods/log", of.namespace()));
              }
            });
    snapshot
        .servers()
        .forEach(
            (name, answers) -> {
              if (anyForbidden(answers)) {
                missing.add(
                    switch (answers.route().by()) {
                      // Over a WebSocket an exec was a get before Kubernetes 1.35.
                      case EXEC -> inNamespace("create, get", "pods/exec", name.namespace());
                      case SOCKET, NETWORK -> admin(answers);
                    });
              }
            });
    snapshot
        .access()
        .forEach(
            (_, answer) -> {
              if (forbidden(answer)) {
                missing.add(
                    "permission to ask what SPIRE's service accounts are allowed to do; a"
                        + " ClusterRole with this rule gives it: "
                        + rule("authorization.k8s.io", "subjectaccessreviews", "create"));
              }
            });
    return Outcome.orPassed(Outcome.unknown(missing.stream()));
  }

  /** Without those of a workload only the address of that one is not known. */
  private static boolean isOfSpire(ClusterCase cluster, Name name) {
    ClusterEvidence evidence = cluster.evidence();
    return Stream.of(evidence.installations(), evidence.leftOut(), evidence.lookAlikes())
        .flatMap(List::stream)
        .flatMap(Installation::components)
        .filter(component -> component.namespace().equals(name.namespace()))
        .flatMap(component -> component.specimen().stream())
        .anyMatch(pod -> Discovery.configMaps(pod).contains(name.name()));
  }

  /** Of a ready pod that is no part of SPIRE, a container that never failed need not be heard. */
  private static boolean isOptional(ClusterCase cluster, LogOf of) {
    return cluster.pods().stream()
        .filter(pod -> pod.meta().name().equals(of.pod()))
        .filter(pod -> pod.meta().namespace().equals(of.namespace()))
        .filter(pod -> pod.ready() && cluster.componentOf(pod).isEmpty())
        .flatMap(pod -> pod.containers().stream())
        .anyMatch(one -> one.name().equals(of.container()) && !Workloads.mayTell(one));
  }

  /** Its version, and what it says of itself, no rule needs. */
  private static boolean anyForbidden(ServerAnswers said) {
    return Stream.<Observed<?>>of(
            said.health(),
            said.agents(),
            said.entries(),
            said.bundle(),
            said.federated(),
            said.relationships())
        .anyMatch(ClusterForbidden::forbidden);
  }

  private static String admin(ServerAnswers answers) {
    return "the right to ask the SPIRE server at "
        + answers.route().address()
        + ": "
        + answers.route().as().map(id -> id + " is no administrator there").orElse("it is refused")
        + " ("
        + Stream.<Observed<?>>of(answers.agents(), answers.entries(), answers.bundle())
            .flatMap(answer -> answer.missing().stream())
            .findFirst()
            .orElse("")
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
