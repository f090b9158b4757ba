package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.AgentSockets;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Grants;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Shell;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Wanted;
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Owner;

/** A policy of the cluster forbids pods that mount a directory of the node. */
@AutoService(Rule.class)
public final class VolumeForbiddenByPolicy implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    Optional<String> missing = cluster.evidence().snapshot().objects(Kind.EVENT).missing();
    if (missing.isPresent()) {
      return List.of(new Outcome.Unknown(missing.get()));
    }
    Map<Subject, Event> refused = new LinkedHashMap<>();
    for (Event event : Unmade.failures(cluster, VolumeForbiddenByPolicy::isPolicy)) {
      subject(cluster, event).ifPresent(subject -> refused.put(subject, event));
    }
    List<Outcome> outcomes = new ArrayList<>();
    refused.forEach((subject, event) -> outcomes.add(found(cluster, subject, event)));
    return outcomes.isEmpty() ? List.of(new Outcome.Passed()) : List.copyOf(outcomes);
  }

  /** PodSecurity, an OpenShift SCC, or a webhook that speaks alike. */
  private static boolean isPolicy(Event event) {
    String text = event.message();
    return text.contains("hostPath")
        && (text.contains("violates PodSecurity")
            || text.contains("hostPath volumes are not allowed")
            || text.contains("security context constraint"));
  }

  /** What makes the pods, if they are asked about or are SPIRE's, and are still missing. */
  private static Optional<Subject> subject(ClusterCase cluster, Event event) {
    Wanted.Pods wanted = cluster.evidence().wanted().pods();
    Optional<Owner> owner =
        cluster.evidence().owners().stream().filter(o -> Unmade.makes(o, event)).findFirst();
    if (owner.isEmpty()) {
      // A job, or what may not be listed: its pods' volumes are not known.
      boolean asked =
          !isGone(cluster, event)
              && Unmade.namespace(wanted).filter(event.namespace()::equals).isPresent()
              && (!(wanted instanceof Wanted.Pods.Named named)
                  || named.name().startsWith(event.name()));
      return asked
          ? Optional.of(new Subject(event.kind(), Optional.of(event.namespace()), event.name()))
          : Optional.empty();
    }
    Owner maker = owner.get();
    boolean concerned =
        neighbour(cluster, maker).isPresent()
            || (Unmade.owners(cluster).contains(maker)
                && maker.template().volumes().stream()
                    .anyMatch(v -> Workloads.leadsToSocket(v, cluster.socketDirectories())));
    // The desired number of a daemon set counts nodes, so it stays while its pods are refused.
    boolean stillMissing = maker.ready() < Math.max(1, maker.wanted());
    return concerned && stillMissing
        ? Optional.of(
            new Subject(maker.kind(), Optional.of(maker.meta().namespace()), maker.meta().name()))
        : Optional.empty();
  }

  /**
   * A server or agents beside this part of SPIRE; nothing for what only calls itself so in another
   * namespace.
   */
  private static Optional<Component> neighbour(ClusterCase cluster, Owner maker) {
    return Stream.concat(
            cluster.evidence().servers().stream(), cluster.evidence().agents().stream())
        .filter(_ -> cluster.evidence().makesSpire(maker))
        .filter(one -> one.namespace().equals(maker.meta().namespace()))
        .findFirst();
  }

  /** Whether what the event is about would have been listed. */
  private static boolean isGone(ClusterCase cluster, Event event) {
    Kind listed =
        switch (event.kind()) {
          case "DaemonSet" -> Kind.DAEMON_SET;
          case "StatefulSet" -> Kind.STATEFUL_SET;
          case "ReplicaSet" -> Kind.DEPLOYMENT;
          default -> null;
        };
    return listed != null && cluster.evidence().snapshot().objects(listed).seen().isPresent();
  }

  /** Of a part of SPIRE all of that SPIRE; of anything else what it would create. */
  private static Scope scope(ClusterCase cluster, Subject subject) {
    return Stream.concat(
            cluster.evidence().servers().stream(), cluster.evidence().agents().stream())
        .filter(component -> Subject.of(component).equals(subject))
        .findFirst()
        .map(cluster::scope)
        .orElseGet(
            () ->
                Scope.CLUSTER.ofPods(
                    Set.of(subject.namespace().orElse("") + "/" + subject.name())));
  }

  private Outcome found(ClusterCase cluster, Subject subject, Event event) {
    Optional<Component> spire =
        cluster.evidence().owners().stream()
            .filter(o -> Unmade.makes(o, event))
            .flatMap(o -> neighbour(cluster, o).stream())
            .findFirst();
    Finding.Builder finding =
        Finding.error(this, subject, scope(cluster, subject))
            .seen("event of " + event.kind() + " " + event.name(), event.message());
    if (spire.isEmpty()) {
      finding.remedy(
          new Remedy.Patch(
              AgentSockets.hasCsiDriver(cluster)
                  ? "Mount the socket by the SPIFFE CSI driver, which such policies allow"
                  : "Install the SPIFFE CSI driver, which such policies allow, and use it",
              Manifests.csi("/spire-socket")));
    }
    if (event.message().contains("PodSecurity")) {
      Remedy allow =
          new Remedy.Command(
              spire.isPresent()
                  ? "Allow SPIRE's namespace what its agents need"
                  : "Or allow this namespace all",
              "kubectl label --overwrite namespace "
                  + Shell.quote(event.namespace())
                  + " pod-security.kubernetes.io/enforce=privileged");
      finding.remedy(spire.map(one -> Grants.to(one, allow)).orElse(allow));
    } else {
      finding.remedy(
          new Remedy.Advice(
              "Or give the pods' service account a security context constraint or a policy that"
                  + " allows hostPath volumes"));
    }
    return finding.found(
        "A policy of the cluster forbids hostPath volumes in namespace "
            + event.namespace()
            + ", so these pods are not made");
  }
}
