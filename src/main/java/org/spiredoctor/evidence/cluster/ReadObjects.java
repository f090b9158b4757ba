package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.Node;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;
import org.spiredoctor.kube.Service;
import org.spiredoctor.kube.Shared;

/**
 * The objects of a snapshot as rules need them, read once, however many views are made of them as
 * more is known.
 *
 * @param gathered what was gathered
 * @param kept the same without what Kubernetes cannot hold
 * @param odd what was left out
 */
record ReadObjects(
    Map<Kind, Observed<List<JsonNode>>> gathered,
    Map<Kind, Observed<List<JsonNode>>> kept,
    List<OddObjects> odd,
    Observed<List<Pod>> pods,
    List<PodOwner> owners,
    List<Node> nodes,
    List<Meta> namespaces,
    List<Event> events,
    List<Service> services,
    Observed<List<ClusterSpiffeId>> declared) {

  static ReadObjects of(Snapshot snapshot) {
    OddObjects.Sorted sorted = OddObjects.sort(snapshot.objects());
    Snapshot known = snapshot.holding(sorted.kept());
    Shared shared = new Shared();
    return new ReadObjects(
        snapshot.objects(),
        sorted.kept(),
        sorted.odd(),
        read(known, Kind.POD, pod -> shared.pod(Pod.of(pod))),
        owners(known::objects),
        seen(known, Kind.NODE, Node::of),
        seen(known, Kind.NAMESPACE, Meta::of),
        seen(known, Kind.EVENT, Event::of),
        seen(known, Kind.SERVICE, Service::of),
        read(known, Kind.CLUSTER_SPIFFE_ID, ClusterSpiffeId::of));
  }

  private static <T> Observed<List<T>> read(
      Snapshot snapshot, Kind kind, Function<JsonNode, T> read) {
    return snapshot.objects(kind).map(list -> list.stream().map(read).toList());
  }

  private static <T> List<T> seen(Snapshot snapshot, Kind kind, Function<JsonNode, T> read) {
    return read(snapshot, kind, read).seen().orElse(List.of());
  }

  /** What makes pods, as far as it was seen. */
  static List<PodOwner> owners(Function<Kind, Observed<List<JsonNode>>> listed) {
    return Stream.of(
            owners("StatefulSet", listed.apply(Kind.STATEFUL_SET)),
            owners("Deployment", listed.apply(Kind.DEPLOYMENT)),
            owners("DaemonSet", listed.apply(Kind.DAEMON_SET)))
        .flatMap(owner -> owner)
        .toList();
  }

  private static Stream<PodOwner> owners(String kind, Observed<List<JsonNode>> listed) {
    return listed.seen().orElse(List.of()).stream().map(json -> PodOwner.of(kind, json));
  }
}
