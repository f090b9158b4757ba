package org.spiredoctor.diagnosis.rules.pod;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.LabelSelector;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.PodOwner;

/** Pods that were asked for and that something should have made. */
final class Unmade {
  private static final Set<String> OWNERS =
      Set.of("ReplicaSet", "DaemonSet", "StatefulSet", "Job", "ReplicationController");

  private Unmade() {}

  /** What should have made the pods that are asked for. */
  static List<PodOwner> owners(ClusterCase cluster) {
    ClusterQuery.Pods wanted = cluster.evidence().query().pods();
    return cluster.evidence().owners().stream()
        .filter(owner -> in(namespace(wanted), owner.meta().namespace()))
        .filter(
            owner ->
                switch (wanted) {
                  case ClusterQuery.Pods.Named named ->
                      named.name().equals(owner.meta().name())
                          || named.name().startsWith(owner.meta().name() + "-");
                  case ClusterQuery.Pods.OwnedBy by ->
                      by.kind().equals(owner.kind()) && by.name().equals(owner.meta().name());
                  case ClusterQuery.Pods.Labelled labelled ->
                      LabelSelector.parse(labelled.selector()).test(owner.template());
                  case ClusterQuery.Pods.WithSocket _ -> true;
                })
        .toList();
  }

  /** Whether the pods that are asked for may be those of what an event is about. */
  static boolean asks(ClusterQuery.Pods wanted, Event event) {
    return switch (wanted) {
      case ClusterQuery.Pods.Named named -> named.name().startsWith(event.name());
      case ClusterQuery.Pods.OwnedBy owner -> event.name().startsWith(owner.name());
      case ClusterQuery.Pods.Labelled _, ClusterQuery.Pods.WithSocket _ -> true;
    };
  }

  /** The failures to make pods that may be those that are asked for, the latest last. */
  static List<Event> asked(ClusterCase cluster) {
    ClusterQuery.Pods wanted = cluster.evidence().query().pods();
    return failures(
        cluster,
        event ->
            namespace(wanted).filter(event.namespace()::equals).isPresent() && asks(wanted, event));
  }

  /** The namespace that is asked about. */
  static Optional<String> namespace(ClusterQuery.Pods wanted) {
    return wanted.namespace();
  }

  private static boolean in(Optional<String> namespace, String name) {
    return namespace.isEmpty() || namespace.get().equals(name);
  }

  /** Why an owner's pods could not be created, the latest last. */
  static List<Event> failures(ClusterCase cluster, PodOwner owner) {
    return failures(cluster, event -> makes(owner, event));
  }

  /** All failures to make pods, the latest last. */
  static List<Event> failures(ClusterCase cluster, Predicate<Event> of) {
    return cluster.evidence().events().stream()
        .filter(event -> event.reason().equals("FailedCreate") && OWNERS.contains(event.kind()))
        .filter(of)
        .sorted(Comparator.comparing((Event event) -> event.last().orElse(Instant.EPOCH)))
        .toList();
  }

  /** A deployment's pods are made by its replica sets, which have its name and a hash. */
  static boolean makes(PodOwner owner, Event event) {
    return event.namespace().equals(owner.meta().namespace())
        && !isOlder(event, owner)
        && (event.kind().equals(owner.kind())
            ? event.name().equals(owner.meta().name())
            : owner.kind().equals("Deployment")
                && event.kind().equals("ReplicaSet")
                && event.name().matches("\\Q" + owner.meta().name() + "\\E-[a-z0-9]+"));
  }

  /** Whether it is about an earlier owner of the same name. */
  private static boolean isOlder(Event event, PodOwner owner) {
    return owner
        .meta()
        .created()
        .filter(made -> event.last().filter(made::isAfter).isPresent())
        .isPresent();
  }
}
