package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.PodOwner;
import org.spiredoctor.kube.Service;

/** There is no SPIRE server, or it was scaled away. */
@AutoService(Rule.class)
public final class ServerNotFound implements Rule {
  private static final Remedy SEARCH =
      new Remedy.Command(
          "See whether it is there under another name or in another namespace",
          Kubectl.line("get pods,statefulsets,deployments -A -o wide"));
  private static final Pattern IP = Pattern.compile("[0-9.]+");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(cluster.evidence().pods(), _ -> outcomes(cluster));
  }

  private List<Outcome> outcomes(ClusterCase cluster) {
    ClusterEvidence evidence = cluster.evidence();
    List<Outcome> found = new ArrayList<>();
    for (InstallationCase one : cluster.installations()) {
      if (isMissed(cluster, one)) {
        one.installation()
            .servers()
            .forEach(
                server ->
                    evidence
                        .unlisted(server)
                        .<Outcome>map(Outcome.Unknown::new)
                        .or(
                            () ->
                                server
                                    .owner()
                                    .map(owner -> without(evidence, owner, cluster.scope(one))))
                        .ifPresent(found::add));
        if (cluster.severalInstallations() && one.installation().servers().isEmpty()) {
          one.installation().agents().forEach(agents -> found.add(unpaired(cluster, agents)));
        }
      }
    }
    return found.isEmpty() && !anyRuns(cluster) ? List.of(nowhere(cluster)) : found;
  }

  private static boolean anyRuns(ClusterCase cluster) {
    return cluster.evidence().servers().stream().anyMatch(server -> !server.pods().isEmpty());
  }

  /** Whether no server runs; of several SPIREs one without agents may be a rest of former times. */
  private static boolean isMissed(ClusterCase cluster, InstallationCase one) {
    return one.installation().servers().stream().allMatch(server -> server.pods().isEmpty())
        && (!one.installation().agents().isEmpty() || !anyRuns(cluster));
  }

  /** Agents of one of several SPIREs, for which no server is found. */
  private Outcome unpaired(ClusterCase cluster, Component agents) {
    String address = agents.serverAddress().orElse("");
    if (address.isEmpty()
        || isOutside(address, cluster.evidence())
        || mayLeadOutside(address, agents, cluster.evidence())) {
      return new Outcome.Unknown(
          "the SPIRE server of the agents "
              + agents.inWords()
              + ", which they expect at "
              + (address.isEmpty() ? "an address that was not seen" : address));
    }
    return Finding.error(this, Subject.of(agents), cluster.scope(agents))
        .seen("configuration of the agents", "server_address " + address)
        .seen("Kubernetes", "no SPIRE server behind that name")
        .remedy(SEARCH)
        .remedy(
            new Remedy.Advice(
                "If it is gone, install it again with its old data, or correct server_address"))
        .found(
            "The agents "
                + agents.inWords()
                + " look for their SPIRE server at "
                + address
                + ", but none runs there");
  }

  /** Whether a Service of the name has no pods of its own, or Services were not seen. */
  private static boolean mayLeadOutside(
      String address, Component agents, ClusterEvidence evidence) {
    String[] labels = address.split("\\.", 3);
    String namespace = labels.length > 1 ? labels[1] : agents.namespace();
    return evidence
        .snapshot()
        .objects(Kind.SERVICE)
        .seen()
        .map(
            all ->
                all.stream()
                    .map(Service::of)
                    .filter(s -> s.meta().name().equals(labels[0]))
                    .filter(s -> s.meta().namespace().equals(namespace))
                    .anyMatch(s -> s.selector().isEmpty()))
        .orElse(true);
  }

  private Outcome without(ClusterEvidence evidence, PodOwner owner, Scope scope) {
    String name = owner.kind() + " " + owner.meta().inWords();
    Finding.Builder finding =
        Finding.error(this, new Subject(owner.kind(), namespace(owner), owner.meta().name()), scope)
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

  private static Optional<String> namespace(PodOwner owner) {
    return Optional.of(owner.meta().namespace());
  }

  private Outcome nowhere(ClusterCase cluster) {
    ClusterEvidence evidence = cluster.evidence();
    Optional<String> outside =
        evidence.agents().stream()
            .flatMap(agents -> agents.serverAddress().stream())
            .filter(address -> isOutside(address, evidence))
            .findFirst();
    if (outside.isPresent()) {
      return new Outcome.Unknown(
          "the SPIRE server, which the agents expect outside of this cluster, at " + outside.get());
    }
    Optional<String> unlisted = evidence.unlisted();
    if (unlisted.isPresent()) {
      return new Outcome.Unknown("the SPIRE server: " + unlisted.get());
    }
    String where = evidence.spireNamespace().map(ns -> "namespace " + ns).orElse("");
    return Finding.error(this, Subject.cluster(evidence), Scope.CLUSTER)
        .seen(
            "Kubernetes",
            evidence.pods().seen().map(List::size).orElse(0)
                + " pods, none of them with an image or program spire-server"
                + (where.isEmpty() ? "" : " in " + where))
        .remedy(SEARCH)
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
    return IP.matcher(address).matches()
        || address.contains(":")
        || (labels.size() > 1 && !service);
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(
        Effect.SERVICE_WITHOUT_SERVER,
        Effect.SERVER_OUT_OF_REACH,
        Effect.AGENT_REFUSED,
        Effect.AGENT_ABSENT);
  }
}
