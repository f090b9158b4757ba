package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Owner;

/** There is no SPIRE server, or it was scaled away. */
@AutoService(Rule.class)
public final class ServerNotFound implements Rule {
  private static final Pattern IP = Pattern.compile("[0-9.]+|.*:.*");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    ClusterEvidence evidence = cluster.evidence();
    Optional<String> missing = evidence.pods().missing();
    if (missing.isPresent()) {
      return List.of(new Outcome.Unknown(missing.get()));
    }
    if (evidence.servers().stream().anyMatch(server -> !server.pods().isEmpty())) {
      return List.of(new Outcome.Passed());
    }
    List<Outcome> found = new ArrayList<>();
    for (Component server : evidence.servers()) {
      server.owner().ifPresent(owner -> found.add(without(evidence, owner)));
    }
    return found.isEmpty() ? List.of(nowhere(cluster)) : List.copyOf(found);
  }

  private Outcome without(ClusterEvidence evidence, Owner owner) {
    String name = owner.kind() + " " + owner.meta().inWords();
    Finding.Builder finding =
        Finding.error(this, new Subject(owner.kind(), namespace(owner), owner.meta().name()))
            .seen(name, "replicas: " + owner.wanted() + ", pods: none");
    if (owner.wanted() == 0) {
      return finding
          .remedy(
              new Remedy.Command(
                  "Start it again",
                  Kubectl.command(
                      "-n",
                      owner.meta().namespace(),
                      "scale",
                      Kubectl.kindAndName(owner),
                      "--replicas=1")))
          .found("The SPIRE server does not run: " + name + " is scaled to 0");
    }
    evidence.eventsOf(owner.kind(), owner.meta()).stream()
        .filter(event -> event.type().equals("Warning"))
        .reduce((first, last) -> last)
        .ifPresent((Event e) -> finding.seen("event of " + name, e.reason() + ": " + e.message()));
    return finding
        .remedy(
            new Remedy.Command(
                "See in its events what keeps its pods from being made",
                Kubectl.describe(owner.kind(), owner.meta())))
        .found("The SPIRE server does not run: " + name + " has no pod");
  }

  private static Optional<String> namespace(Owner owner) {
    return Optional.of(owner.meta().namespace());
  }

  private Outcome nowhere(ClusterCase cluster) {
    ClusterEvidence evidence = cluster.evidence();
    Optional<String> outside =
        evidence.agents().stream()
            .flatMap(agents -> agents.config().value("server_address").stream())
            .filter(address -> isOutside(address, evidence))
            .findFirst();
    if (outside.isPresent()) {
      return new Outcome.Unknown(
          "the SPIRE server, which the agents expect outside of this cluster, at " + outside.get());
    }
    String where = evidence.wanted().spireNamespace().map(ns -> "namespace " + ns).orElse("");
    return Finding.error(
            this,
            new Subject(
                "Cluster", Optional.empty(), evidence.snapshot().cluster().seen().orElse("")))
        .seen(
            "Kubernetes",
            evidence.pods().seen().map(List::size).orElse(0)
                + " pods, none of them with an image or program spire-server"
                + (where.isEmpty() ? "" : " in " + where))
        .remedy(
            new Remedy.Command(
                "See whether it is there under another name or in another namespace",
                "kubectl get pods,statefulsets,deployments -A -o wide"))
        .remedy(
            new Remedy.Advice(
                "If SPIRE is not installed yet, install server and agents, for instance by the"
                    + " Helm charts of spiffe/helm-charts-hardened"))
        .found(
            "No SPIRE server was found in "
                + (where.isEmpty() ? "any namespace of this cluster" : where));
  }

  /**
   * Names without a dot, of services, and of namespaces are this cluster's; of an IP none knows.
   */
  private static boolean isOutside(String address, ClusterEvidence evidence) {
    List<String> labels = List.of(address.split("\\.", -1));
    boolean service =
        labels.size() > 1
            && (address.contains(".svc")
                || evidence.pods().seen().orElse(List.of()).stream()
                    .anyMatch(pod -> pod.meta().namespace().equals(labels.get(1))));
    return IP.matcher(address).matches() || (labels.size() > 1 && !service);
  }
}
