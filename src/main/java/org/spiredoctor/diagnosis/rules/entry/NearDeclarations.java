package org.spiredoctor.diagnosis.rules.entry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.evidence.cluster.LabelMiss;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.PodOwner;

/**
 * The ClusterSPIFFEIDs that nearly select pods. Whoever can make a pod can make one that is near an
 * object: nothing is said of objects that give admin or downstream entries.
 */
final class NearDeclarations {
  private final ClusterCase cluster;
  private final List<ClusterSpiffeId> objects;
  private final Map<String, Boolean> selecting = new HashMap<>();
  private final Map<String, List<Pod>> labelled = new HashMap<>();
  private final Map<List<Object>, List<Pod>> gaining = new HashMap<>();

  NearDeclarations(ClusterCase cluster) {
    this.cluster = cluster;
    this.objects =
        ClusterSpiffeId.of(cluster.evidence()).seen().orElse(List.of()).stream()
            .filter(id -> !id.fallback() && !id.privileged() && !id.narrowed())
            .toList();
  }

  /** Whether the user named the pods, or the SPIFFE ID: among many one is near by chance. */
  boolean isAsked() {
    ClusterQuery query = cluster.evidence().query();
    return query.named() || query.spiffeId().isPresent();
  }

  /** The nearest, where one is; a fallback is meant for nobody. */
  Optional<NearDeclaration> of(Pod pod) {
    List<NearDeclaration> all =
        objects.stream()
            .flatMap(id -> of(id, pod).stream())
            .filter(near -> ClusterSpiffeIdDiagnosis.isActedOn(cluster, near.id(), pod))
            .filter(_ -> !ClusterSpiffeIdDiagnosis.isIgnored(cluster, pod))
            .filter(this::isPlausible)
            .sorted(
                Comparator.comparing((NearDeclaration one) -> !one.isTypo())
                    .thenComparingInt(one -> -one.meets()))
            .toList();
    // Of several that each ask for another label none was evidently meant.
    boolean clear =
        !all.isEmpty()
            && (all.size() == 1 || all.getFirst().isTypo() || all.getFirst().meets() > 0);
    return clear ? Optional.of(all.getFirst()) : Optional.empty();
  }

  private Optional<NearDeclaration> of(ClusterSpiffeId id, Pod pod) {
    Optional<List<LabelMiss>> ofNamespace =
        id.missesOfNamespace(pod.meta().namespace(), cluster.evidence());
    List<LabelMiss> ofPod = id.missesOfPod(pod);
    List<LabelMiss> all =
        Stream.concat(ofPod.stream(), ofNamespace.stream().flatMap(List::stream)).toList();
    return ofNamespace.isPresent() && all.size() == 1
        ? Optional.of(
            new NearDeclaration(id, all.getFirst(), ofPod.isEmpty(), id.requirements() - 1))
        : Optional.empty();
  }

  /**
   * A label may be lacking. A name that is nearly another one is another workload's where that is
   * there, and a namespace that is nearly another one is somebody else's.
   */
  private boolean isPlausible(NearDeclaration near) {
    return switch (near.miss().kind()) {
      case LACKING -> true;
      case TYPO -> !near.ofNamespace() && !selectsAnything(near.id());
      case OTHER, EXCLUDED -> false;
    };
  }

  /** Also pods that are not there now, since nobody wants any. */
  private boolean selectsAnything(ClusterSpiffeId id) {
    return selecting.computeIfAbsent(
        id.name(),
        _ ->
            !id.isIdle()
                || Stream.concat(
                        pods(), cluster.evidence().owners().stream().map(PodOwner::template))
                    .anyMatch(pod -> id.missesOfPod(pod).isEmpty()));
  }

  private Stream<Pod> pods() {
    return cluster.evidence().pods().seen().orElse(List.of()).stream().filter(pod -> !pod.over());
  }

  /** Who gets an identity of an object when the label is given to a pod's namespace. */
  String gainingByNamespace(NearDeclaration near, Pod asked) {
    String namespace = asked.meta().namespace();
    return inWords(
        asked,
        gaining.computeIfAbsent(
            List.of(near.id().name(), namespace),
            _ ->
                pods()
                    .filter(pod -> pod.meta().namespace().equals(namespace))
                    .filter(pod -> near.id().missesOfPod(pod).isEmpty())
                    .toList()));
  }

  /**
   * Who does when its podSelector asks for what a pod has: all that have that, and all the rest.
   */
  String gainingBySelector(NearDeclaration near, Pod asked) {
    String has = near.miss().has().orElse("");
    return inWords(
        asked,
        gaining.computeIfAbsent(
            List.of(near.id().name(), near.miss()),
            _ ->
                labelled().getOrDefault(has, List.of()).stream()
                    .filter(pod -> meetsTheRest(near, pod))
                    .toList()));
  }

  /** Anybody may have a label of his own: who has one is looked up, and not searched for. */
  private Map<String, List<Pod>> labelled() {
    if (labelled.isEmpty()) {
      pods()
          .forEach(
              pod ->
                  labels(pod)
                      .forEach(
                          label ->
                              labelled.computeIfAbsent(label, _ -> new ArrayList<>()).add(pod)));
    }
    return labelled;
  }

  private static Stream<String> labels(Pod pod) {
    return pod.meta().labels().entrySet().stream().map(one -> one.getKey() + "=" + one.getValue());
  }

  private boolean meetsTheRest(NearDeclaration near, Pod pod) {
    return near.id().missesOfPod(pod).stream()
            .allMatch(miss -> miss.wanted().equals(near.miss().wanted()))
        && near.id()
            .missesOfNamespace(pod.meta().namespace(), cluster.evidence())
            .filter(List::isEmpty)
            .isPresent();
  }

  /** Labels alone select: whoever has the socket of another SPIRE may have this one's tomorrow. */
  private String inWords(Pod asked, List<Pod> gaining) {
    List<String> here =
        gaining.stream()
            .filter(pod -> !isElsewhere(pod, asked))
            .map(Pod::inWords)
            .sorted()
            .toList();
    int elsewhere = gaining.size() - here.size();
    return here.stream().limit(3).collect(Collectors.joining(", "))
        + (here.size() > 3 ? " and " + (here.size() - 3) + " more pods" : "")
        + (here.size() == 1 ? " gets" : " get")
        + " an identity of it"
        + (elsewhere == 0
            ? ""
            : ", and so would " + elsewhere + " of other SPIREs with its socket");
  }

  private boolean isElsewhere(Pod pod, Pod asked) {
    Optional<InstallationCase> home = cluster.home(pod);
    return home.isPresent() && !home.equals(cluster.home(asked));
  }
}
