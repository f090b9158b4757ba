package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.PodOwner;

/** A policy of the cluster forbids the volume by which pods would get an agent's socket. */
@AutoService(Rule.class)
public final class VolumeForbiddenByPolicy implements Rule {

  private record Refused(Event event, VolumeRefusal why) {}

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Outcome.ifSeen(
        cluster.evidence().snapshot().objects(Kind.EVENT), _ -> outcomes(cluster));
  }

  private List<Outcome> outcomes(ClusterCase cluster) {
    Map<Subject, Refused> refused = new LinkedHashMap<>();
    for (Event event : Unmade.failures(cluster, _ -> true)) {
      // What keeps the pods away now is what was said last.
      owner(cluster, event).map(VolumeForbiddenByPolicy::subject).ifPresent(refused::remove);
      for (VolumeRefusal why : VolumeRefusal.of(event).stream().toList()) {
        Refused one = new Refused(event, why);
        subject(cluster, one).ifPresent(subject -> refused.put(subject, one));
      }
    }
    List<Outcome> outcomes = new ArrayList<>();
    refused.forEach((subject, one) -> outcomes.add(found(cluster, subject, one)));
    return outcomes;
  }

  /** The owner of the pods, if they are asked about or are SPIRE's, and are still missing. */
  private static Optional<Subject> subject(ClusterCase cluster, Refused refused) {
    Event event = refused.event();
    ClusterQuery.Pods wanted = cluster.evidence().query().pods();
    Optional<PodOwner> listed = owner(cluster, event);
    if (listed.isEmpty()) {
      // A job, or what may not be listed: its pods' volumes are not known.
      boolean asked =
          !isGone(cluster, event)
              && Unmade.namespace(wanted).filter(event.namespace()::equals).isPresent()
              && Unmade.asks(wanted, event);
      return asked
          ? Optional.of(new Subject(event.kind(), Optional.of(event.namespace()), event.name()))
          : Optional.empty();
    }
    PodOwner owner = listed.get();
    boolean concerned =
        neighbour(cluster, owner).isPresent()
            || (Unmade.owners(cluster).contains(owner)
                && owner.template().volumes().stream()
                    .anyMatch(volume -> refused.why().concerns(cluster, volume)));
    // The desired number of a daemon set counts nodes, so it stays while its pods are refused.
    boolean stillMissing = owner.ready() < Math.max(1, owner.wanted());
    return concerned && stillMissing ? Optional.of(subject(owner)) : Optional.empty();
  }

  private static Optional<PodOwner> owner(ClusterCase cluster, Event event) {
    return cluster.evidence().owners().stream().filter(o -> Unmade.makes(o, event)).findFirst();
  }

  private static Subject subject(PodOwner owner) {
    return new Subject(owner.kind(), Optional.of(owner.meta().namespace()), owner.meta().name());
  }

  /**
   * A server or agents beside this part of SPIRE; nothing for what only calls itself so in another
   * namespace.
   */
  private static Optional<Component> neighbour(ClusterCase cluster, PodOwner owner) {
    return Stream.concat(
            cluster.evidence().servers().stream(), cluster.evidence().agents().stream())
        .filter(_ -> cluster.evidence().makesSpire(owner))
        .filter(one -> one.namespace().equals(owner.meta().namespace()))
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

  private Outcome found(ClusterCase cluster, Subject subject, Refused refused) {
    Event event = refused.event();
    Optional<PodOwner> owner = owner(cluster, event);
    Finding.Builder finding =
        Finding.error(this, subject, scope(cluster, subject))
            .seen("event of " + event.kind() + " " + event.name(), event.message());
    return finding.found(
        refused
            .why()
            .describe(
                cluster, event, owner, owner.flatMap(its -> neighbour(cluster, its)), finding));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.POD_NOT_CREATED);
  }
}
