package org.spiredoctor.diagnosis;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.Finding.Managed;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Discovery;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Snapshot.Name;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.PodOwner;

/** What manages the objects that remedies change, so that a change of them can last. */
final class ManagedObjects {
  private final ClusterEvidence evidence;
  private final Map<Subject, PodOwner> owners = new HashMap<>();
  private final Map<Subject, Meta> others = new HashMap<>();

  ManagedObjects(ClusterEvidence evidence) {
    this.evidence = evidence;
    evidence.owners().forEach(owner -> owners.put(subject(owner.kind(), owner.meta()), owner));
    evidence.pods().seen().orElse(List.of()).forEach(pod -> add("Pod", pod.meta()));
    add("Service", Kind.SERVICE);
    add("ClusterSPIFFEID", Kind.CLUSTER_SPIFFE_ID);
    add("ClusterStaticEntry", Kind.CLUSTER_STATIC_ENTRY);
    evidence.snapshot().configMaps().forEach(this::add);
  }

  private void add(String kind, Meta meta) {
    others.put(subject(kind, meta), meta);
  }

  private void add(String kind, Kind listed) {
    evidence.snapshot().objects(listed).seen().orElse(List.of()).stream()
        .map(Meta::of)
        .forEach(meta -> add(kind, meta));
  }

  private void add(Name name, Observed<JsonNode> map) {
    map.seen()
        .map(Meta::of)
        .ifPresent(
            meta ->
                others.put(
                    new Subject("ConfigMap", Optional.of(name.namespace()), name.name()), meta));
  }

  private static Subject subject(String kind, Meta meta) {
    Optional<String> namespace = Optional.of(meta.namespace()).filter(ns -> !ns.isEmpty());
    return new Subject(kind, namespace, meta.name());
  }

  /** The finding with what manages what its remedies change. */
  Finding manage(Finding finding) {
    Map<Subject, Managed> managed = new LinkedHashMap<>();
    for (Remedy remedy : finding.remedies()) {
      for (Subject changed : ChangedObjects.of(remedy, finding.subject())) {
        Optional<Managed> its = managed(changed, remedy.block());
        its.ifPresent(one -> managed.merge(one.object(), one, Managed::or));
      }
    }
    return finding.managed(List.copyOf(managed.values()));
  }

  private Optional<Managed> managed(Subject changed, String change) {
    Optional<PodOwner> workload = workload(changed);
    Subject object =
        changed.kind().equals("Pod")
            ? workload.map(owner -> subject(owner.kind(), owner.meta())).orElse(changed)
            : changed;
    return Stream.concat(
            Optional.ofNullable(others.get(object)).stream()
                .flatMap(meta -> Manager.of(object.kind(), meta).stream()),
            // A config map seldom carries a mark; what mounts it comes from the same place.
            workload.stream().flatMap(owner -> Manager.of(owner.kind(), owner.meta()).stream()))
        .findFirst()
        .map(
            manager ->
                new Managed(
                    object,
                    manager,
                    workload.flatMap(owner -> ChartValues.of(manager, owner, change))));
  }

  /** What runs with it: itself, the owner of the pod, or what mounts the config map. */
  private Optional<PodOwner> workload(Subject changed) {
    return switch (changed.kind()) {
      case "Pod" -> Optional.ofNullable(others.get(changed)).flatMap(this::owner);
      case "ConfigMap" ->
          Stream.concat(evidence.servers().stream(), evidence.agents().stream())
              .filter(component -> changed.namespace().equals(Optional.of(component.namespace())))
              .filter(
                  component ->
                      component.specimen().stream()
                          .anyMatch(pod -> Discovery.configMaps(pod).contains(changed.name())))
              .flatMap((Component component) -> component.owner().stream())
              .findFirst();
      default -> Optional.ofNullable(owners.get(changed));
    };
  }

  private Optional<PodOwner> owner(Meta pod) {
    return pod.owners().stream()
        .map(
            its -> {
              boolean replicas = its.kind().equals("ReplicaSet");
              return new Subject(
                  replicas ? "Deployment" : its.kind(),
                  Optional.of(pod.namespace()),
                  // It has the name of its deployment and a hash.
                  replicas ? its.name().replaceFirst("-[^-]*$", "") : its.name());
            })
        .flatMap(owner -> Optional.ofNullable(owners.get(owner)).stream())
        .findFirst();
  }
}
